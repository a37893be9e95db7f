"""What a person sees first: who they are, what they may do (`/api/me/bootstrap`), and the Cockpit; one answer each.

Reads across the folders; nothing here writes. A block that fails is named in `failed` and left out, a block that the
caller's permissions do not open is named in `hidden`: neither ever reads as zero.
"""
