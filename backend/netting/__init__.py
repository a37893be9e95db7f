"""The Monday run between sister companies, and who owes whom."""
