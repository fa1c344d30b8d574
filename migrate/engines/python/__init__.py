"""Moving Python modules and packages, and everything that knows their import paths."""
