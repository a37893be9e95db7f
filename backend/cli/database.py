"""Commands that look at the base."""

from __future__ import annotations

import typer
from rich.table import Table

from backend.bootstrap import Parts
from backend.cli.terminal import console, refuse, with_parts
from backend.tables import INDEXES


def migrate() -> None:
    """Fait à la base les changements de cette version ; serveur et worker le font aussi en démarrant."""
    from backend.migrations.store import LATEST

    async def run(parts: Parts) -> list[str]:
        return [f"{step.number} {step.name}" for step in parts.migrated]

    done = with_parts(run)
    console.print(f"Migrations faites : {', '.join(done)}." if done else "Aucune migration à faire.")
    console.print(f"[green]Base à la migration {LATEST}.[/green]")


def reseal() -> None:
    """Rechiffre avec SECRETS_KEY les clés d'API des clients chiffrées avec SECRETS_KEY_OLD."""
    done, unreadable = with_parts(lambda parts: parts.clients.reseal())
    console.print(f"{done} clé(s) d'API rechiffrée(s).")
    if unreadable:
        refuse(f"{len(unreadable)} illisible(s) avec ces clés, à ressaisir sur la fiche : {', '.join(unreadable)}.")
    console.print("[green]Tout est chiffré avec SECRETS_KEY ; SECRETS_KEY_OLD peut être retirée.[/green]")


def indexes() -> None:
    """Crée les index qui manquent et les liste ; le premier refusé est nommé et arrête tout."""
    with_parts(_list_indexes)


async def _list_indexes(parts: Parts) -> None:
    from backend.core.indexes import merged

    table = Table("collection", "index", "unique", "expire")
    for collection, declared in sorted(merged(INDEXES).items()):
        for one in declared:
            expiry = f"{one.ttl_s} s" if one.ttl_s is not None else ""
            table.add_row(collection, one.name, "oui" if one.unique else "", expiry)
    console.print(table)
    console.print(f"[green]{table.row_count} index en place.[/green]")


def invariants() -> None:
    """Vérifie les promesses sur toute la base : vendu deux fois, au-dessus du quota, perdu… Tout doit être à zéro."""
    broken = with_parts(_check_invariants)
    raise typer.Exit(1 if broken else 0)


async def _check_invariants(parts: Parts) -> bool:
    from backend.cli.demo_story import invariants_table

    checks = await parts.monitoring.invariants()
    console.print(invariants_table(checks))
    return any(check.count for check in checks)
