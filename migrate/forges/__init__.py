"""The forges on which pull requests live: what all of them do, one module for each, and one table that knows hosts."""
