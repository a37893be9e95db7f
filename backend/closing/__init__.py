"""Closing the weeks of billing, client by client."""
