"""Settings kept in the base."""
