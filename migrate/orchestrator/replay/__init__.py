"""Running phases again, on a base that moved, and bringing what people did along."""
