"""The dashboard in a real Chromium, on a real API and base."""
