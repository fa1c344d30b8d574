"""Updates what modules require of each other, and of outside modules, when packages move between them."""
