"""Lead suppliers and their keys."""
