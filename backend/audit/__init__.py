"""event_log: what happened, by whom, to what. Written in the transaction of the change it tells."""
