"""`carry`: the plan for one branch, its commits on the other side, and the command."""
