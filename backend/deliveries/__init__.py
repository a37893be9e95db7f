"""One lead handed to one client: states, batches, CSV, outcomes."""
