"""Cells that no spreadsheet will run."""

from __future__ import annotations

import re

_PHONE = re.compile(r"^\+[1-9]\d{6,14}$")
_NUMBER = re.compile(r"^-?\d+([.,]\d+)?$")
_FORMULA = frozenset("=+-@＝＋－＠")
_LEADING = frozenset("\t\r\n\0 \u00a0")


def neutral(cell: str) -> str:
    """Prefix `'` to what a spreadsheet would take for a formula; plain numbers and phones stay as they are."""
    if _PHONE.match(cell) or _NUMBER.match(cell):
        return cell
    start = cell.lstrip("".join(_LEADING))[:1]
    risky = start in _FORMULA or cell[:1] in {"\t", "\r", "\n", "\0"}
    return f"'{cell}" if cell and start and risky else cell
