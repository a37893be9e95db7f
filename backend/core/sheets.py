"""CSV as a French spreadsheet expects it: UTF-8 with its mark, semicolons, decimal commas, nothing that runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from backend.core.cells import neutral
from backend.core.weeks import PARIS

MARK = "\ufeff"
MEDIA = "text/csv; charset=utf-8"
Cell = str | int | Decimal | bool | date | datetime | None


def line(cells: Iterable[Cell]) -> str:
    """One line, its end included."""
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="\r\n").writerow([shown(one) for one in cells])
    return out.getvalue()


def shown(cell: Cell) -> str:
    """Instants in Paris time; a decimal as it is kept, with a comma."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Oui" if cell else "Non"
    if isinstance(cell, datetime):
        return f"{cell.astimezone(PARIS):%d/%m/%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d/%m/%Y}"
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",")
    return str(cell) if isinstance(cell, int) else neutral(cell)


def attached(name: str) -> dict[str, str]:
    """Headers of a file to keep."""
    return {"Content-Disposition": f'attachment; filename="{name}"'}
