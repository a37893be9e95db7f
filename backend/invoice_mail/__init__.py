"""The document of an invoice, kept once issued, and its sending by e-mail."""
