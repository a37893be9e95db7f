"""The lists taken away as a spreadsheet: the same rows, the same columns, the same words as on screen."""
