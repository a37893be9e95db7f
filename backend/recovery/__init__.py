"""A password chosen through a link received by e-mail: forgotten, or never chosen yet (an invitation)."""
