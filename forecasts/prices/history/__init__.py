"""What prices have done: dated series of one price each, and the jumps they made."""
