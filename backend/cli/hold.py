"""`rdz hold` and `rdz release`: the brake, from a terminal."""

from __future__ import annotations

from typing import Annotated

import typer

from backend.cli.terminal import console, refuse, with_parts
from backend.core import weeks

_USER = "system:rdz"


def hold(reason: Annotated[str, typer.Argument(help="Motif, affiché dans la santé du système.")]) -> None:
    """Retient tous les envois des deux sociétés, jusqu'à `rdz release`. Rien n'est perdu : les messages attendent."""
    if not reason.strip():
        refuse("Donnez un motif : rdz hold « restauration de la base ».")
    held = with_parts(lambda parts: parts.hold.hold(reason.strip(), _USER))
    console.print(
        f"Envois retenus depuis le {weeks.paris(held.since):%d/%m/%Y %H:%M} par {held.by} : {held.reason}",
        markup=False,
        soft_wrap=True,
    )


def release() -> None:
    """Laisse repartir les envois retenus."""
    held = with_parts(lambda parts: parts.hold.release(_USER))
    console.print("Les envois repartent." if held else "Rien n'était retenu.")
