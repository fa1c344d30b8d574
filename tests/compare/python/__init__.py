"""The Python engine beside rope and the language servers for Python: `make compare`."""
