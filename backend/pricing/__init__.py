"""What a client pays: products, prices per client and produit with their history, defaults (rule 17)."""
