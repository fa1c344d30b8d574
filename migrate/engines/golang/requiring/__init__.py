"""What modules require of each other, and of the world, when packages go from one to another."""
