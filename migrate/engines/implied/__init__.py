"""What depends on the place of a file although nothing spells its path: patterns cover it, tools name things after it.

A move changes that silently: no path is stale, and yet an image may lack a folder. So a phase notes it.
"""
