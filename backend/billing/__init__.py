"""Weeks of billing: what they come to, closing them, what the accountant takes away."""
