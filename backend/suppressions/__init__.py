"""Addresses that no longer exist, by the word of the server: not written to until a person lifts them."""
