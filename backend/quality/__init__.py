"""How good each source of leads is: what it sends, what is sold of it, what the buyers refuse."""
