"""A CSV file as rows of cells: its separator found, its limits said. Values in, values out."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from backend.core.text import folded
from backend.imports.models import MOST_ROWS

_SEPARATORS = ";\t,"


class Unreadable(ValueError):
    """Why the file cannot be read, in French."""


@dataclass(frozen=True, slots=True)
class Table:
    """`rows`: (line in the file, cells by title); a row with more cells than titles says so in `too_long`."""

    columns: list[str]
    rows: list[tuple[int, dict[str, str]]]
    too_long: list[int]


def read(text: str) -> Table:
    text = text.removeprefix("\ufeff")
    first = text.split("\n", 1)[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    try:
        columns = [one.strip() for one in next(reader)]
        found = [(reader.line_num, [one.strip() for one in cells]) for cells in reader]
    except (StopIteration, csv.Error):
        raise Unreadable("Fichier illisible : un CSV avec une première ligne de titres est attendu.") from None
    named = [one for one in columns if one]
    if len(set(map(folded, named))) != len(named) or not named:
        raise Unreadable("Les titres de la première ligne doivent être tous différents.")
    filled = [(line, cells) for line, cells in found if any(cells)]
    if len(filled) > MOST_ROWS:
        raise Unreadable(f"{len(filled)} lignes : {MOST_ROWS} au plus par fichier. Coupez-le en plusieurs.")
    if not filled:
        raise Unreadable("Aucune ligne sous les titres.")
    rows = [(line, dict(zip(columns, cells, strict=False))) for line, cells in filled]
    return Table(named, rows, [line for line, cells in filled if any(cells[len(columns) :])])
