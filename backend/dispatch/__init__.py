"""What people do to deliveries by hand: send, copy, cancel, generate, send what is ready."""
