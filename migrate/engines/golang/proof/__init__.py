"""What `migrate verify` asks about Go: told line by line, and shared with nothing that rewrites Go code."""
