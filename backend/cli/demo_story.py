"""What happened, told in tables."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from backend.cli.crowd import Tally
from backend.cli.demo_stack import Stack
from backend.cli.terminal import console
from backend.extracts.words import WORDS
from backend.monitoring.models import Check

_SAID = {
    "routed": "attribués",
    "no_open_orders": "en attente d'une commande",
    "duplicate": "déjà transmis à tous les acheteurs possibles",
    "double_submit": "envoyés deux fois, stockés une",
    "invalid": "inutilisables (gardés, avec la raison)",
    "pending_config": "formulaire inconnu (en attente)",
    "hold_source": "source suspendue",
    "hold_consent": "consentement manquant",
    "replaced_by_lb": "suspects, remplacés par un LB",
    "new": "à attribuer par le worker",
}


def story(
    stack: Stack,
    tally: Tally,
    report: Mapping[str, Any],
    deliveries: Sequence[Mapping[str, Any]],
    checks: Sequence[Check],
) -> None:
    console.print(_received(tally))
    console.print(_clients(deliveries))
    console.print(run_table(report, closed_hint=" (--open-days l'ouvre)"))
    console.print(invariants_table(checks))
    _mails(stack.mail, deliveries)


def _received(tally: Tally) -> Table:
    table = Table("reçus", "leads", title=f"{tally.sent} demandes, {len(tally.lead_ids)} leads stockés")
    for status, number in tally.statuses.most_common():
        table.add_row(_SAID.get(status, status), str(number))
    for code, number in tally.refused.most_common():
        table.add_row(f"[yellow]refusés : {code}[/yellow]", str(number))
    return table


def _clients(deliveries: Sequence[Mapping[str, Any]]) -> Table:
    table = Table("entité", "client", "produit", "leads", "dont LB", "croisés", "états", title="Attribués par client")
    groups: dict[tuple[str, str, str], list[Mapping[str, Any]]] = defaultdict(list)
    for one in deliveries:
        groups[one["entity"], one["client_name"], one["produit"]].append(one)
    for (entity, name, produit), rows in sorted(groups.items()):
        states = Counter(row["status"] for row in rows)
        table.add_row(
            entity,
            name,
            produit,
            str(len(rows)),
            str(sum(row["is_lb"] for row in rows)),
            str(sum(row["lead_entity"] != entity for row in rows)),
            ", ".join(f"{WORDS['deliveryStatus'][state].lower()} {number}" for state, number in states.most_common()),
        )
    return table


def run_table(report: Mapping[str, Any], closed_hint: str = "") -> Table:
    """What one daily run did, per entity."""
    title = f"Livraison quotidienne {report['slot']} ({report['duration_seconds']} s)"
    table = Table("entité", "lots", "remis", "prêts, à la main", "LB ajoutés", "annulés", "jour", title=title)
    for entity, part in sorted(report["entities"].items()):
        if part["closed"]:
            table.add_row(entity, "", "", "", "", "", f"[yellow]fermé : {part['closed']}{closed_hint}[/yellow]")
            continue
        names = ("batches", "handed_over", "ready_to_send", "lb_filled", "cancelled")
        table.add_row(entity, *(str(part[name]) for name in names), "ouvert")
    return table


def invariants_table(checks: Sequence[Check]) -> Table:
    """The promises: all zeros, or what breaks them."""
    table = Table("promesse", "écarts", "exemples", title="Invariants")
    for check in checks:
        colour = "red" if check.count else "green"
        table.add_row(check.meaning, f"[{colour}]{check.count}[/{colour}]", " ; ".join(check.examples))
    return table


def _mails(folder: Path, deliveries: Sequence[Mapping[str, Any]]) -> None:
    files = {one["csv_filename"] for one in deliveries if one["status"] == "sent"}
    mails = sorted(folder.glob("*.eml"))
    console.print(f"{len(files)} fichiers partis ; {len(mails)} messages gardés sous {folder}/ :")
    for mail in mails:
        console.print(f"  {mail}", soft_wrap=True)
