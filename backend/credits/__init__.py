"""Free units granted to a client on one commande's week (rule 17: they are not invoiced)."""
