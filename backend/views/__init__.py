"""Views that a person saved: a list's filters, search, order and hidden columns, under a name. Private."""
