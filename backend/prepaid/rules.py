"""What each move does to a balance. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from backend.prepaid.models import Kind, Status

LOW = 10
_DIRECTIONS: dict[Kind, tuple[int, int, int]] = {  # purchased, delivered, reserved
    "purchase": (1, 0, 0),
    "withdrawal": (-1, 0, 0),
    "reservation": (0, 0, 1),
    "release": (0, 0, -1),
    "consumption": (0, 1, -1),
    "return": (0, -1, 0),
}


def balance_id(client_id: str, produit: str) -> str:
    return f"{client_id}|{produit}"


def move_id(kind: Kind, key: str) -> str:
    """The same for the same delivery (or document) and kind: a second time is refused by the base."""
    return f"{kind}:{key}"


def change(kind: Kind, units: int) -> dict[str, int]:
    """What `units` of a kind add to each figure of a balance; negative ones are taken away."""
    purchased, delivered, reserved = (units * direction for direction in _DIRECTIONS[kind])
    return {
        "units_purchased_total": purchased,
        "units_delivered_total": delivered,
        "units_reserved": reserved,
        "units_remaining": purchased - delivered - reserved,
    }


def recomputed(moves: Iterable[tuple[Kind, int]]) -> dict[str, int]:
    """The figures of a balance, from its journal alone."""
    total = change("purchase", 0)
    for kind, units in moves:
        for name, value in change(kind, units).items():
            total[name] += value
    return total


def status(remaining: int) -> Status:
    if remaining <= 0:
        return "BLOCKED"
    return "LOW" if remaining <= LOW else "OK"


def unblocks(kind: Kind, figures: Mapping[str, int], units: int) -> bool:
    """True when the move gave its first unit to an empty balance: leads that wait for it may go."""
    gained = change(kind, units)["units_remaining"]
    return figures["units_remaining"] > 0 >= figures["units_remaining"] - gained
