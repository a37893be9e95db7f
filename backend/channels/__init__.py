"""How a message leaves: one folder per channel, one small contract (`contract.py`)."""
