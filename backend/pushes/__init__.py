"""How each client's own HTTP interface is called: its settings, a test call, where a batch goes."""
