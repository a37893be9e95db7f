"""What `rdz up` prints once everything answers."""

from __future__ import annotations

from rich.panel import Panel
from rich.table import Table

from backend.cli.terminal import shown_base
from backend.settings import Settings


def welcome(settings: Settings) -> Panel:
    """Where to look, with what account, what happens next."""
    table = Table.grid(padding=(0, 2))
    for name, text in _lines(settings):
        table.add_row(f"[bold]{name}[/bold]", text)
    return Panel(table, title="RDZ CRM est prêt", subtitle="Ctrl-C arrête tout", expand=False)


def _lines(settings: Settings) -> list[tuple[str, str]]:
    home = f"http://127.0.0.1:{settings.port}"
    lines = [("API", home), ("Santé", f"{home}/health")]
    if not settings.production:
        lines.append(("Documentation", f"{home}/docs"))
    lines.append(("Base", shown_base(settings)))
    if settings.production:
        lines.append(("Courrier", "envoyé pour de bon"))
    else:
        lines.append(("Courrier", "retenu sous var/mail/*.eml"))
    lines.append(("Journaux", "var/log/, ou supervisorctl tail -f backend"))
    return lines
