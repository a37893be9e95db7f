"""Units paid in advance: reserved at routing, consumed at the send, given back, never below zero."""
