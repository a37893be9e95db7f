"""Codes of what is wrong, `module.what`: shown by the health of the house, each with its section in RUNBOOK.md."""

from __future__ import annotations

from collections.abc import Mapping


def raised(alarms: Mapping[str, object]) -> list[str]:
    """The codes whose value is true. The keys are written out where the alarm is raised: a test finds them there."""
    return [code for code, on in alarms.items() if on]
