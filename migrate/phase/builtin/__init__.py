"""Phases that ship with the program and belong to no plan."""
