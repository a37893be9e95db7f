"""Tasks: long work that a person asked for, row by row, that survives whoever does it."""
