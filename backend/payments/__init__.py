"""Money received on invoices, and who is late."""
