"""Running programs in slots, for hooks, for `ws.run` and for validations."""
