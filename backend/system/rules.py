"""When the house is well. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from backend.core.alarms import raised
from backend.system.models import Instance, Status

_WORST: tuple[Status, ...] = ("error", "degraded", "warning", "healthy")
STALE = timedelta(seconds=30)
REPORT_AGE = timedelta(hours=26)


def worst(statuses: Iterable[Status]) -> Status:
    """The overall status: that of the module that is worst."""
    found = set(statuses)
    return next((status for status in _WORST if status in found), "healthy")


def processes(instances: Sequence[Instance], roles: Sequence[str], now: datetime) -> dict[str, Any]:
    """`degraded` when no live process holds one of `roles`. `now` is real time."""
    told: dict[str, Any] = {}
    for role in roles:
        beats = [one.heartbeat_at for one in instances if role in one.roles]
        last = max(beats, default=None)
        alive = [beat for beat in beats if now - beat <= STALE]
        told[role] = {"alive": len(alive), "heartbeat_at": last}
    missing = [role for role in roles if not told[role]["alive"]]
    alarms = raised({"processes.missing": missing})
    return {"status": "degraded" if missing else "healthy", "alarms": alarms, "missing": missing, **told}


def reports(last_at: datetime | None, installed_at: datetime, now: datetime) -> dict[str, Any]:
    """`degraded` when no delivery report is younger than 26 h, counted from the installation at first."""
    since = max(last_at, installed_at) if last_at else installed_at
    late = now - since > REPORT_AGE
    alarms = raised({"reports.missing": late})
    return {"status": "degraded" if late else "healthy", "alarms": alarms, "last_report_at": last_at}


def indexes(missing: Sequence[str], confirmed: int) -> dict[str, Any]:
    alarms = raised({"indexes.missing": missing})
    status = "error" if missing else "healthy"
    return {"status": status, "alarms": alarms, "confirmed": confirmed, "missing": list(missing)}
