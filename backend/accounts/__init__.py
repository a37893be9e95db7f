"""Users, sessions, permissions, entity scope."""
