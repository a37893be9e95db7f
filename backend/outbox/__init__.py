"""Durable sending and durable tasks: what must happen after a commit is a row here, written in that commit.

States of a row (`state`): `pending` -> `leased` -> `sent` | `failed` | `uncertain` | back to `pending`; `uncertain` is
left by evidence or by a person only. A lease is won by conditional update on the server's own clock, carries a fence
that every later write repeats, and is renewed by a heartbeat. A row whose holder died before its point of no return is
taken again; after it (`phase: data`), it becomes `uncertain`, never sent again blindly.
"""
