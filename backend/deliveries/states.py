"""States of a delivery (rule 13), as decisions on values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Status = Literal["pending_csv", "ready_to_send", "sending", "sent", "failed", "uncertain", "cancelled"]
Outcome = Literal["accepted", "rejected", "removed"]

STATUSES: tuple[Status, ...] = (
    "pending_csv",
    "ready_to_send",
    "sending",
    "sent",
    "failed",
    "uncertain",
    "cancelled",
)
CANCELLABLE: tuple[Status, ...] = ("pending_csv", "ready_to_send", "failed")
TRANSITIONS: dict[Status, tuple[Status, ...]] = {
    "pending_csv": ("ready_to_send", "cancelled"),
    "ready_to_send": ("sending", "sent", "failed", "uncertain", "cancelled"),
    "sending": ("sent", "failed", "uncertain", "ready_to_send"),
    "failed": ("sending", "ready_to_send", "sent", "uncertain", "cancelled"),
    "uncertain": ("sent", "failed", "sending"),
    "sent": (),
    "cancelled": (),
}

REJECTION_REASONS = (
    "injoignable",
    "faux_numero",
    "pas_demandeur",
    "pas_interesse",
    "deja_client",
    "deja_equipe",
    "locataire",
    "hors_zone",
    "doublon",
    "autre",
)
REMOVAL_REASONS = ("refus_client", "doublon", "hors_zone", "mauvaise_commande", "test", "autre")
_ENDS_AS_INVALID = frozenset({"faux_numero", "pas_demandeur", "pas_interesse", "doublon"})


def from_rows(rows: Iterable[tuple[str, bool]]) -> Status:
    """The state that a batch's outbox rows, `(state, attempted)` each, give to its deliveries."""
    known = list(rows)
    states = {state for state, _ in known}
    if "sent" in states:
        return "sent"
    if states & {"pending", "leased"}:
        return "sending" if any(attempted for _, attempted in known) else "ready_to_send"
    if "uncertain" in states:
        return "uncertain"
    return "failed"


def lead_after(reason: str) -> Literal["invalid", "test", "new"]:
    """What a lead becomes when its delivery is rejected or removed for `reason` (rule 16)."""
    if reason == "test":
        return "test"
    return "invalid" if reason in _ENDS_AS_INVALID else "new"
