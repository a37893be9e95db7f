"""Reminders (« relances ») of overdue invoices: their words, their sending by e-mail, their history."""
