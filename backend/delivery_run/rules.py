"""What the next delivery would do with what waits, from counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from backend.core.text import folded
from backend.delivery_run.models import Answer, ClientPlanned, LotPlanned
from backend.gate.rules import Verdict


def answer(verdict: Verdict, *, automatic: bool) -> tuple[Answer, str]:
    """What the run does with a lot, and the code of the reason when it does not leave."""
    if verdict.answer != "go":
        return verdict.answer, verdict.reason
    return ("go", "") if automatic else ("by_hand", "auto_send_off")


def size(lot: LotPlanned) -> int:
    return lot.planned + lot.ready + lot.failed


def leaving(lots: Iterable[LotPlanned]) -> int:
    return sum(size(lot) - lot.without_proof for lot in lots if lot.answer == "go")


def summed(clients: Sequence[ClientPlanned]) -> tuple[int, int, int]:
    """(leads that leave, clients who receive some, leads that stay)."""
    leads = sum(one.leaving for one in clients)
    return leads, sum(one.leaving > 0 for one in clients), sum(one.leads for one in clients) - leads


def ordered(clients: Iterable[ClientPlanned]) -> list[ClientPlanned]:
    """By entity; who receives most first."""
    return sorted(clients, key=lambda one: (one.entity, -one.leaving, folded(one.client_name), one.client_id))
