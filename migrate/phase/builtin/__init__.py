"""Phases that come with the program and belong to no plan."""
