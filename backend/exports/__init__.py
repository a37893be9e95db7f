"""What the accountant takes away: lists of invoices, FEC."""
