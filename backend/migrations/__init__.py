"""What changed in the base from one version to the next: one numbered step each, never edited once released."""
