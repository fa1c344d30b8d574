"""Programs that run in slots: for hooks, for `ws.run` and for validations alike."""
