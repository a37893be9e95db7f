"""Version, health, jobs by hand."""
