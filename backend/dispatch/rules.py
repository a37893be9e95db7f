"""What a person may send, why not, and what it would be. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from backend.batches.models import Batch, Preview
from backend.deliveries.models import Delivery
from backend.gate.rules import Verdict, consent_missing

ROWS_SHOWN = 5
Kind = Literal["send", "copy", "again"]
_REASONS = {
    "commande_inactive": "La commande est en pause ou supprimée.",
    "client_inactive": "Le client est désactivé.",
    "client_blocked": "Le client est bloqué.",
    "client_undeliverable": "Le client n'a aucune adresse utilisable.",
    "client_suspended": "L'envoi du jour de ce client est suspendu.",
    "calendar_closed": "Pas de livraison aujourd'hui pour cette entité.",
    "consent_missing": "La preuve de consentement manque.",
}


@dataclass(frozen=True, slots=True)
class Obstacle:
    """A sentence, and its stable code."""

    text: str
    code: str = "invalid_state"


def kind_of(delivery: Delivery) -> Kind:
    """A copy of what was sent; its failed batch again; else the delivery alone."""
    if delivery.batch_id is None:
        return "send"
    return "copy" if delivery.status == "sent" else "again" if delivery.status == "failed" else "send"


def obstacle(delivery: Delivery, verdict: Verdict, modes: tuple[str, str]) -> Obstacle | None:
    """Why the delivery may not be sent now, by the gate and the two entities' modes of consent; None when it may."""
    if delivery.status in {"sending", "uncertain"}:
        return Obstacle("Un envoi est en cours ou incertain : résolvez-le dans la file d'envoi.")
    if delivery.status == "cancelled":
        return Obstacle("Cette livraison est annulée.")
    if consent_missing(modes, delivery.proof):
        return Obstacle(_REASONS["consent_missing"], "consent_missing")
    if verdict.answer != "go":
        return Obstacle(_REASONS.get(verdict.reason, verdict.reason), verdict.reason)
    return None


def told(
    kind: Kind, batch: Batch, letter: Mapping[str, Any], to: Sequence[str], *, simulated: bool, why: Obstacle | None
) -> Preview:
    """The message and the beginning of its file."""
    lines = list(csv.reader(io.StringIO(batch.csv)))
    return Preview(
        kind=kind,
        refused=why.text if why else None,
        recipients=list(to),
        simulated=simulated,
        sender=f"{letter['from_name']} <{letter['from']}>",
        subject=letter["subject"],
        text=letter["text"],
        filename=batch.csv_filename,
        columns=lines[0],
        rows=lines[1 : ROWS_SHOWN + 1],
        leads=batch.lead_count,
    )
