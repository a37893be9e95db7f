"""Intake, phones, consent, double submission, search."""
