"""delivery_reports: what each daily run did."""
