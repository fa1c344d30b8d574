"""What a phase is made from: the files that decide what it does, found without running them."""
