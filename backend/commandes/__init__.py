"""Weekly orders and the counters that hold their quota."""
