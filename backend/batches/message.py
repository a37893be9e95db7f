"""The words of a delivery e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.batches.models import Batch

_PRODUITS = {"PV": "photovoltaïque", "PAC": "pompe à chaleur", "ITE": "isolation thermique par l'extérieur"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signs an entity's e-mails."""

    name: str
    address: str


def payload(batch: Batch, sender: Sender, day: date, *, mark: str = "") -> dict[str, Any]:
    """What the outbox freezes: sender, subject, text, file. `mark` opens the subject of a copy."""
    subject = f"Livraison de leads {batch.entity} - {batch.produit} - {day:%d/%m/%Y}"
    return {
        "from": sender.address,
        "from_name": sender.name,
        "subject": f"{mark}{subject}",
        "text": _text(batch, sender.name, day),
        "filename": batch.csv_filename,
        "csv": batch.csv,
        "batch_id": batch.id,
    }


def _text(batch: Batch, brand: str, day: date) -> str:
    leads = "1 lead" if batch.lead_count == 1 else f"{batch.lead_count} leads"
    produit = _PRODUITS.get(batch.produit, batch.produit)
    return (
        "Bonjour,\n\n"
        f"Vous trouverez en pièce jointe {leads} {batch.produit} ({produit}) du {day:%d/%m/%Y}, "
        f"dans le fichier {batch.csv_filename}.\n\n"
        "Pour toute question sur cette livraison, répondez à ce message en citant le nom du fichier.\n\n"
        "Cordialement,\n"
        f"{brand}\n"
    )
