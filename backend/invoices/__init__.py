"""Invoices, avoirs, acomptes: drafts, numbers without gap, payments, documents, sending."""
