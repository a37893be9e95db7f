"""E-mail by SMTP: one recipient per row, the journal just before DATA, never a blind second DATA.

The outcomes are the table of reliability.md 2.5.
"""
