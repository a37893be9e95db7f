"""LB, the stock that can be sold again: marking, choosing, filling."""
