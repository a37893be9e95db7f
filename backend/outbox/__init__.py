"""Durable sending: whatever leaves, or must happen after a commit, is a row here first.

A row is claimed under a lease, worked by the one handler of its kind, and finished in one transaction that also records
the attempt and tells the owner of the row (`on_change`). Past the journal nobody sends it again by themselves: without
an answer it becomes `uncertain`, and evidence or a person decides (reliability.md 2.4 and 2.5).
"""
