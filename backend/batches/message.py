"""The words of a delivery e-mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.batches.link import GOOD_FOR
from backend.batches.models import Batch

_PRODUITS = {"PV": "photovoltaïque", "PAC": "pompe à chaleur", "ITE": "isolation thermique par l'extérieur"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signs an entity's e-mails."""

    name: str
    address: str


def payload(batch: Batch, sender: Sender, day: date, *, link: str = "", mark: str = "") -> dict[str, Any]:
    """What the outbox freezes: sender, subject, text, file.

    `link` acknowledges the batch; a copy has none, and its subject opens with `mark`.
    """
    subject = f"Livraison de leads {batch.entity} - {batch.produit} - {day:%d/%m/%Y}"
    return {
        "from": sender.address,
        "from_name": sender.name,
        "subject": f"{mark}{subject}",
        "text": _text(batch, sender.name, day, link),
        "filename": batch.csv_filename,
        "csv": batch.csv,
        "batch_id": batch.id,
    }


def _text(batch: Batch, brand: str, day: date, link: str) -> str:
    asked = f"Merci d'en accuser réception par ce lien, valable {GOOD_FOR.days} jours :\n{link}\n\n" if link else ""
    leads = "1 lead" if batch.lead_count == 1 else f"{batch.lead_count} leads"
    produit = _PRODUITS.get(batch.produit, batch.produit)
    return (
        "Bonjour,\n\n"
        f"Vous trouverez en pièce jointe {leads} {batch.produit} ({produit}) du {day:%d/%m/%Y}, "
        f"dans le fichier {batch.csv_filename}.\n\n"
        f"{asked}"
        "Pour toute question sur cette livraison, répondez à ce message en citant le nom du fichier.\n\n"
        "Cordialement,\n"
        f"{brand}\n"
    )
