"""Faults at every point of every command that moves refs: killed, a git that fails, a full disk.

Nothing in the product knows of this. A command runs in a child that is forked from a process which has imported the
program, with the fault put around what starts processes and what writes (`faults.py`). Afterwards the repository is
held against what docs/architecture.md promises (`judge.py`), and the command is run again until it has finished.

A command to come is a row in `rows.py` and nothing else. `make chaos` tries every point; the tests here try a few of
every kind.
"""
