"""Refs that move together: operations, their record, and the lock."""
