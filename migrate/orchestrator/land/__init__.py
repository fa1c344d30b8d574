"""`land`: what the base contains, what leaves the stack, and the command."""
