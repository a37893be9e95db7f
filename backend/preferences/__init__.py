"""What each person chose for their own dashboard: theme, language, columns, keys, how far the tour went."""
