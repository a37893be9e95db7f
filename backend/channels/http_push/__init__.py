"""Leads pushed to a buyer's own HTTP interface: one lead or one batch per call, never a blind second call."""
