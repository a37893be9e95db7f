"""What a person may correct of a lead, and when. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from backend.commandes import departements
from backend.core import finding
from backend.core import phone as phones
from backend.leads.models import HELD, ROUTABLE, CorrectBody, Lead
from backend.leads.rules import missing

WAITING = (*ROUTABLE, *HELD, "lb")
_FIELDS = ("phone", "nom", "prenom", "email", "departement", "produit")
_ENDED = {
    "pas_demandeur": "cette personne n'a rien demandé",
    "pas_interesse": "cette personne n'est pas intéressée",
    "doublon": "c'est un doublon",
    "test": "c'était un essai",
}


def closed(lead: Lead) -> str | None:
    """Why a lead is what it is for good; None when it may be corrected or submitted again."""
    if lead.status == "livre":
        return ("Ce lead est livré : ce que le client a reçu ne change plus. Rejetez ou retirez d'abord sa livraison,"
                " le lead reviendra et pourra être corrigé.")  # fmt: skip
    if lead.status not in {*WAITING, "routed", "invalid"}:
        return "Ce lead ne se corrige pas : c'est un essai, ou un LB est parti à sa place."
    if lead.hold_reason == "withdrawn":
        return "Ce lead a été retiré à la demande de la personne : il ne revient pas."
    return None


def ended(lead: Lead) -> str | None:
    """Why an `invalid` lead may not be submitted again, whatever is corrected."""
    reason = (lead.hold_reason or "").rpartition(":")[2]
    return f"Ce lead est terminé : {_ENDED[reason]}." if lead.status == "invalid" and reason in _ENDED else None


def refused(body: CorrectBody) -> dict[str, str]:
    """What is wrong with a correction, by field: a person gives values that can be used."""
    wrong = {}
    if body.phone is not None and not phones.parse(body.phone).usable:
        wrong["phone"] = "Numéro de téléphone inutilisable."
    if body.nom is not None and not body.nom:
        wrong["nom"] = "Le nom manque."
    if body.departement is not None and not departements.named(body.departement):
        wrong["departement"] = "Département inconnu. Attendu : 01 à 95, 2A, 2B, 971 à 976, ou un code postal."
    return wrong


def corrected(lead: Lead, body: CorrectBody) -> Lead:
    """The lead as corrected, what it is found by and why it could not be sold included."""
    change: dict[str, Any] = {name: value for name, value in body.model_dump().items() if value is not None}
    change.pop("resubmit", None)
    if "phone" in change:
        phone = phones.parse(change["phone"])
        change |= {"phone": phone.e164, "phone_raw": phone.raw, "phone_quality": phone.quality}
    if "departement" in change:
        change |= {"departement": departements.named(change["departement"]), "departement_raw": change["departement"]}
    again = lead.model_copy(update=change)
    keys = finding.person_keys(again.nom, again.prenom, again.email, again.phone)
    reasons = missing(bool(again.phone), again.nom, again.departement)
    wrong_number = (lead.hold_reason or "").endswith(":faux_numero") and again.phone != lead.phone
    return again.model_copy(update={"keys": keys, "reasons": reasons} | ({"hold_reason": None} if wrong_number else {}))


def differences(before: Lead, after: Lead) -> dict[str, dict[str, str]]:
    """Before and after, by field, of what changed."""
    told = ((name, getattr(before, name) or "", getattr(after, name) or "") for name in _FIELDS)
    return {name: {"before": old, "after": new} for name, old, new in told if old != new}


def written(after: Lead, now: datetime) -> dict[str, Any]:
    """The fields of the lead that a correction writes."""
    names = (*_FIELDS, "phone_raw", "phone_quality", "departement_raw", "keys", "reasons", "hold_reason")
    return {name: getattr(after, name) for name in names} | {"updated_at": now}
