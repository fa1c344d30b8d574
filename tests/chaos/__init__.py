"""Faults at every point of every command: a system call fails, the disk is full, one process is killed, or all are.

Nothing in the product knows of this. A command runs in a child that is forked from a process which has imported the
program. The kernel asks before each call by which it, or a git that it started, would change a file (`seccomp.py`,
`calls.py`); one of the calls is struck (`watch.py`). Afterwards the repository is held against what
docs/architecture.md promises (`judge.py`), and what a person would type is typed until the command has finished
(`survey.py`).

A command to come is a row in `rows.py` and nothing else. `make chaos` tries every point; the tests here try a few.
"""
