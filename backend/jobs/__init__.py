"""Scheduled work. A slot of the Paris calendar is a row of `cron_logs`: run once, taken over, caught up (rule 21).

APScheduler is only the metronome; what runs, and that it runs once, is decided in the base.
"""
