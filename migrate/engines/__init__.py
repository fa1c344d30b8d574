"""What every language is to the rest of the program, and the languages that are built in."""
