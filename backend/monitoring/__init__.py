"""Reads across the folders, and the invariants."""
