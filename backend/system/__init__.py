"""What the house says of itself: version, health, the processes that are alive."""
