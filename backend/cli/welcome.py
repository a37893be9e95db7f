"""What `rdz up` does and prints once everything answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.panel import Panel
from rich.table import Table

from backend.cli.banner import shown_time
from backend.cli.terminal import shown_base
from backend.extracts.words import WORDS
from backend.settings import Settings

if TYPE_CHECKING:
    from backend.bootstrap import Parts


@dataclass(frozen=True, slots=True)
class Look:
    """What the base holds for someone who has just arrived."""

    demonstration: bool
    empty: bool
    next_run: str


async def first_look(parts: Parts) -> Look:
    """Plant the demonstration's market on an empty development base; say what there is."""
    from backend.cli.market import DEMO
    from backend.cli.seed import plant
    from backend.cli.terminal import console
    from backend.cli.tour import plant_tour
    from backend.core.paging import Page

    people = await parts.accounts.page(parts.everyone, Page(limit=500, skip=0), active_only=True)
    next_run = shown_time(parts.jobs.next_times()["daily_delivery"])
    known = {one.email for one in people.rows}
    if not known and parts.settings.app_env == "development":
        await plant(parts)
        try:
            await plant_tour(parts)
        except TimeoutError:
            console.print("[yellow]La visite guidée n'est pas prête : les envois n'avancent pas.[/yellow]")
        return Look(demonstration=True, empty=False, next_run=next_run)
    return Look(demonstration=any(one.email in known for one in DEMO.people), empty=not known, next_run=next_run)


def welcome(settings: Settings, look: Look) -> Panel:
    """Where to look, with what account, what happens next."""
    table = Table.grid(padding=(0, 2))
    for name, text in [*_places(settings), ("Prochaine livraison", look.next_run), *_accounts(look)]:
        table.add_row(f"[bold]{name}[/bold]", text)
    return Panel(table, title="RDZ CRM est prêt", subtitle="Ctrl-C arrête tout", expand=False)


def _places(settings: Settings) -> list[tuple[str, str]]:
    home = f"http://127.0.0.1:{settings.port}"
    documentation = [] if settings.production else [("Documentation", f"{home}/docs")]
    return [
        ("Tableau de bord", _dashboard(settings)),
        ("API", home),
        ("Santé", f"{home}/health"),
        *documentation,
        ("Base", shown_base(settings)),
        ("Courrier", "envoyé pour de bon" if settings.production else "retenu sous var/mail/*.eml"),
        ("Journaux", "var/log/, ou .venv/bin/supervisorctl tail -f backend"),
    ]


def _dashboard(settings: Settings) -> str:
    from backend.cli.web import BUILT

    built = (BUILT / "index.html").is_file()
    return f"http://127.0.0.1:{settings.frontend_port}" if built else "pas construit : make setup"


def _accounts(look: Look) -> list[tuple[str, str]]:
    from backend.cli.market import DEMO, PASSWORD

    if look.empty:
        return [("Comptes", "aucun : .venv/bin/rdz create-admin ADRESSE")]
    if not look.demonstration:
        return []
    people = "\n".join(f"{one.email}  ({WORDS['role'][one.role].lower()}, {one.entity})" for one in DEMO.people)
    return [("Comptes", people), ("Mot de passe", PASSWORD)]
