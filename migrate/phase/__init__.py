"""Running phases: loading them, the workspace that they edit, and collecting what they did."""
