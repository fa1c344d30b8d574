"""The names of the commands, by what they are for, each with the module that is imported when it is asked for."""

SECTIONS = {
    "Look": ("status", "plan", "log", "journal", "pr", "where", "analyze", "verify"),
    "Step": ("next", "run", "validate", "approve", "rollback"),
    "Replay": ("restack", "land", "carry", "continue", "abort", "undo", "redo", "sync", "submit"),
    "Start and end": ("init", "clean", "prune", "finish"),
}
COMMANDS = {name: f"migrate.cli.{name}" for names in SECTIONS.values() for name in names}
COMMANDS["continue"] = "migrate.cli.continue_"  # A module cannot have the name of a keyword.
