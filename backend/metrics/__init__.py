"""How the house does, in figures: Prometheus text, and the alerts of the health.

What several processes do together is read from the base at each scrape, over the last fifteen minutes, so that any of
them answers for all; only the time of HTTP answers is kept by the process that gave them.
"""
