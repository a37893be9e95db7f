"""What a process says of itself when it starts."""

from __future__ import annotations

from backend import __version__
from backend.cli.terminal import shown_base
from backend.settings import Settings


def banner(settings: Settings) -> str:
    """Version, database, what runs here. Never a password."""
    lines = [
        f"RDZ CRM {__version__} ({settings.app_env})",
        f"  base           {shown_base(settings)}",
        f"  worker         {_enabled(settings.run_worker)}",
        f"  planificateur  {_enabled(settings.run_scheduler)}",
    ]
    return "\n".join(lines)


def _enabled(on: bool) -> str:
    return "ENABLED" if on else "DISABLED"
