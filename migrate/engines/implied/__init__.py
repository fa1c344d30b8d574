"""What follows from where a file stands though nothing spells its path: patterns cover it, tools name things after it.

A move changes that in silence: no path is stale, and yet an image lacks a folder. So a phase notes it.
"""
