"""billing_ledger: one line per unit sold, one per unit taken back; lines are added, never changed."""
