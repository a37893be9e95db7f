"""The first account of a base."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from backend.cli.terminal import console, with_parts

if TYPE_CHECKING:
    from backend.bootstrap import Parts


def create_admin(
    email: Annotated[str, typer.Argument(help="Adresse du compte.")],
    nom: Annotated[str, typer.Option(help="Nom affiché.")] = "Direction",
) -> None:
    """Crée un super administrateur ; mot de passe lu sur l'entrée, sinon tiré et montré une fois."""
    given = None if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n") or None

    async def work(parts: Parts) -> str:
        return await parts.accounts.create_admin(email, given, nom)

    password = with_parts(work)
    console.print(f"[green]Compte créé :[/green] {email}, super administrateur.")
    if given is None:
        console.print(f"Mot de passe, montré cette seule fois : [bold]{password}[/bold]", soft_wrap=True)
