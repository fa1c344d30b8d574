"""The transitions: what each command decides, and then does, in one transaction."""
