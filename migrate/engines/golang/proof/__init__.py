"""What `migrate verify` asks about Go: read line by line, and shared with nothing that rewrites Go code."""
