"""Old paths outside Go import declarations: `updater` fixes them, `stale` proves that none is left."""
