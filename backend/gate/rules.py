"""`may_deliver_now`: the one gate before each batch and each send by hand (rule 15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from backend.clients.deliverability import Reach
from backend.clients.models import Client
from backend.commandes.models import Commande


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wait`: not today; `hold`: not today, but its file is made, ready for the day it may leave; `never`: no longer
    possible, the delivery is cancelled and its lead routed again."""

    answer: Literal["go", "wait", "hold", "never"]
    reason: str = ""


GO = Verdict("go")


def may_deliver_now(
    commande: Commande | None, client: Client | None, reach: Reach, closed: str | None, day: date
) -> Verdict:
    """Commande active, client active, not blocked, deliverable, calendar open, not suspended on that Paris `day`.

    `closed`: why the entity does not deliver then. Consent is asked per delivery.
    """
    if commande is None or commande.deleted_at or not commande.active:
        return Verdict("never", "commande_inactive")
    if client is None or client.deleted_at or not client.active:
        return Verdict("never", "client_inactive")
    if client.client_status == "Blocked":
        return Verdict("never", "client_blocked")
    if not reach.ok:
        return Verdict("never", "client_undeliverable")
    if closed:
        return Verdict("wait", "calendar_closed")
    return Verdict("hold", "client_suspended") if client.suspension_on(day) else GO


def consent_missing(modes: tuple[str, ...], proof: bool) -> bool:
    """True when one of the entities concerned requires a proof of consent that the lead does not have."""
    return "require" in modes and not proof
