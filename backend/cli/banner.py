"""What a process says of itself when it starts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from backend import __version__
from backend.cli.terminal import shown_base
from backend.core import weeks

if TYPE_CHECKING:
    from backend.bootstrap import Parts


async def banner(parts: Parts) -> str:
    """Version, database, what runs here, the jobs with their next time. Never a password."""
    settings = parts.settings
    times = parts.jobs.next_times()
    width = max([13, *(len(name) for name in times)])
    lines = {
        "base": shown_base(settings),
        "worker": _enabled(settings.run_worker),
        "planificateur": _enabled(settings.run_scheduler),
        **{name: shown_time(moment) for name, moment in times.items()},
    }
    title = f"RDZ CRM {__version__} ({settings.app_env})"
    return "\n".join([title, *(f"  {name:<{width}}  {text}" for name, text in lines.items())])


def shown_time(moment: datetime) -> str:
    return f"{weeks.paris(moment):%d/%m/%Y %H:%M} (Paris)"


def _enabled(on: bool) -> str:
    return "ENABLED" if on else "DISABLED"
