"""What `migrate verify` asks about Python, shared with nothing that rewrites Python code."""
