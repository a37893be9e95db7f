"""The kernel: no business words here."""
