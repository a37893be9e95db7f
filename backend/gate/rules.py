"""`may_deliver_now`: the one gate before each batch and each send by hand (rule 15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from backend.clients.deliverability import Reach
from backend.clients.models import Client
from backend.commandes.models import Commande


@dataclass(frozen=True, slots=True)
class Verdict:
    """`wait`: not today; `never`: no longer possible, the delivery is cancelled and its lead routed again."""

    answer: Literal["go", "wait", "never"]
    reason: str = ""


GO = Verdict("go")


def may_deliver_now(commande: Commande | None, client: Client | None, reach: Reach, closed: str | None) -> Verdict:
    """Commande active, client active, not blocked, deliverable, calendar open. Consent is asked per delivery."""
    if commande is None or commande.deleted_at or not commande.active:
        return Verdict("never", "commande_inactive")
    if client is None or client.deleted_at or not client.active:
        return Verdict("never", "client_inactive")
    if client.client_status == "Blocked":
        return Verdict("never", "client_blocked")
    if not reach.ok:
        return Verdict("never", "client_undeliverable")
    return Verdict("wait", "calendar_closed") if closed else GO


def consent_missing(modes: tuple[str, ...], proof: bool) -> bool:
    """True when one of the entities concerned requires a proof of consent that the lead does not have."""
    return "require" in modes and not proof
