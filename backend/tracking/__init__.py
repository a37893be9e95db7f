"""Visitor sessions and events."""
