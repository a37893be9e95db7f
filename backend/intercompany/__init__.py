"""Between sister companies: one transfer per lead collected by one and sold by the other, invoiced every Monday."""
