"""Bulk actions: one decision on many rows of a list, told before it is made, done as a task."""
