"""The way in: POST /api/public/leads, with everything that makes it safe to repeat."""
