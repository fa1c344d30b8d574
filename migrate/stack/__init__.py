"""What git knows of a migration, read at once, and the state of every phase, derived from it."""
