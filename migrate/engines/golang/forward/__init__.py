"""Forwarding packages: making them at old places, and removing them again."""
