"""Forwarding packages: what stays at old places, and how it goes again."""
