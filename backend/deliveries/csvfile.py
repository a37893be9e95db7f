"""The file a buyer receives (rule 14): RFC 4180, UTF-8, cells that no spreadsheet will run."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date

from backend.core.cells import neutral
from backend.core.phone import export
from backend.deliveries.models import Contact

Cell = Callable[[Contact, str], str]
_CELLS: dict[str, Cell] = {
    "nom": lambda contact, _: contact.nom,
    "prenom": lambda contact, _: contact.prenom,
    "telephone": lambda contact, _: export(contact.phone),
    "email": lambda contact, _: contact.email,
    "departement": lambda contact, _: contact.departement,
    "proprietaire_maison": lambda contact, _: contact.proprietaire,
    "proprietaire": lambda contact, _: contact.proprietaire,
    "type_logement": lambda contact, _: contact.type_logement,
    "produit": lambda _, produit: produit,
}
_ZR7 = ("nom", "prenom", "telephone", "email", "departement", "proprietaire_maison", "produit")
_MDL = ("nom", "prenom", "telephone", "email", "departement", "proprietaire", "type_logement", "produit")


def columns(entity: str) -> tuple[str, ...]:
    """The columns of an entity; those of ZR7 for an entity without its own."""
    return _MDL if entity == "MDL" else _ZR7


def render(entity: str, produit: str, contacts: Iterable[Contact]) -> str:
    """The whole file, header included."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = columns(entity)
    writer.writerow(names)
    for contact in contacts:
        writer.writerow(neutral(_CELLS[name](contact, produit)) for name in names)
    return out.getvalue()


def filename(entity: str, produit: str, day: date, number: int) -> str:
    return f"{entity}_{produit}_{day.isoformat()}_{number}.csv"
