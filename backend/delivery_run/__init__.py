"""Who will receive what at the next delivery, and who is kept from it: read before it happens."""
