"""Running phases: the workspace that they edit, and what they made of it."""
