"""The deliveries sent together: one CSV, one hand-over to the outbox, one state."""
