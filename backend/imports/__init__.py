"""Clients, commandes and prices taken from a spreadsheet: mapped, checked whole, then written as a task."""
