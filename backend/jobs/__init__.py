"""Scheduled work: slots in cron_logs, the daily run."""
