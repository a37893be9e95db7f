"""One box that finds everything: leads, deliveries, clients, commandes, invoices, users."""
