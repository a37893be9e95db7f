"""Avoirs asked for by hand, and acomptes: issued in the transaction of what they tell."""
