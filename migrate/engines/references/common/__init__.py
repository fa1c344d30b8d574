"""What rewriting and verifying references share."""
