"""`migrate.toml` and the phases beside it, read without running any of them."""
