"""Old paths outside of imports: `rewrite/` fixes them, `verify/` proves that none is left."""
