"""Old paths outside Go import declarations: `updater` mends them, `stale` proves that none is left."""
