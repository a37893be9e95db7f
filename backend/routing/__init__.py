"""Which commande gets a lead, and why not the others."""
