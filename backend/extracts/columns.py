"""What stands in each column of an exported list, by the keys and titles of the list on screen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from backend.audit.models import EventRow
from backend.clients.models import ClientAnswer
from backend.commandes.models import CommandeView
from backend.core import phone
from backend.core.sheets import Cell
from backend.deliveries.models import Delivery
from backend.extracts.words import WORDS
from backend.invoices.models import InvoiceAnswer

Columns = Mapping[str, Callable[[Any], Cell]]
_TOLD = ("client_name", "name", "nom", "email", "text", "note", "reason_detail", "to", "csv_filename", "number")
_CODE = re.compile(r"^[a-z_]+$")


def word(dictionary: str, code: str | None) -> str:
    """A code in words; one that has none is said to be unknown, never shown."""
    return WORDS[dictionary].get(code, "Autre") if code else ""


def _lead_buyer(one: Mapping[str, Any]) -> str:
    """The buyer; of a lead that crossed, only where it went (rule 23)."""
    if one["delivery_client_name"]:
        return str(one["delivery_client_name"])
    crossed = one["delivery_entity"] and one["delivery_entity"] != one["entity"]
    return f"Cédé à {one['delivery_entity']}" if crossed else ""


def _named(prenom: str, nom: str) -> str:
    return f"{prenom} {nom}".strip()


LEADS: Columns = {
    "contact": lambda one: _named(one["prenom"], one["nom"]),
    "status": lambda one: word("leadStatus", one["status"]),
    "phone": lambda one: phone.display(one["phone"]),
    "departement": lambda one: one["departement"],
    "produit": lambda one: one["produit"],
    "client": _lead_buyer,
    "source": lambda one: one["source"] or one["lp_code"] or one["provider_slug"],
    "entity": lambda one: one["entity"],
    "created": lambda one: one["created_at"],
    "email": lambda one: one["email"],
}


def _outcome(one: Delivery) -> str:
    return word("outcome", one.outcome or "accepted") if one.status == "sent" else ""


DELIVERIES: Columns = {
    "contact": lambda one: _named(one.contact.prenom, one.contact.nom),
    "status": lambda one: word("deliveryStatus", one.status),
    "client": lambda one: one.client_name,
    "outcome": _outcome,
    "produit": lambda one: one.produit,
    "departement": lambda one: one.contact.departement,
    "entity": lambda one: one.entity,
    "created": lambda one: one.created_at,
    "sent": lambda one: one.last_sent_at,
    "to": lambda one: ", ".join(one.sent_to),
    "attempts": lambda one: one.send_attempts,
    "error": lambda one: one.last_error,
}


def _deliverable(one: ClientAnswer) -> str:
    if not one.active:
        return "Inactif"
    return "Livrable" if one.has_valid_channel else word("deliverable", one.deliverable_code)


def _sending(one: ClientAnswer) -> str:
    if not one.auto_send_enabled:
        return "À la main"
    return "Au fil de l'eau" if one.delivery_mode == "instant" else "Chaque jour ouvré à 9 h 30"


CLIENTS: Columns = {
    "name": lambda one: one.name,
    "deliverable": _deliverable,
    "status": lambda one: word("clientStatus", one.client_status),
    "entity": lambda one: one.entity,
    "week": lambda one: one.total_leads_this_week,
    "total": lambda one: one.total_leads_received,
    "email": lambda one: (one.delivery_emails or [one.email])[0],
    "mode": _sending,
    "last": lambda one: one.last_delivery_at,
    "contact": lambda one: one.contact_name,
}


def _areas(one: CommandeView) -> str:
    return "Toute la France" if "*" in one.departements else ", ".join(one.departements)


COMMANDES: Columns = {
    "client": lambda one: one.client_name,
    "status": lambda one: "Ouverte" if one.active else "En pause",
    "produit": lambda one: one.produit,
    "areas": _areas,
    "reserved": lambda one: one.reserved,
    "quota": lambda one: "Illimité" if one.unlimited else one.quota_semaine,
    "remaining": lambda one: "Illimité" if one.unlimited else one.quota_remaining,
    "sent": lambda one: one.leads_delivered_this_week,
    "lb": lambda one: one.lb_target_pct,
    "priority": lambda one: one.priorite,
    "entity": lambda one: one.entity,
}


def _invoice_state(one: InvoiceAnswer) -> str:
    late = one.status == "issued" and one.overdue
    partial = one.status == "issued" and one.partially_paid
    return word("invoiceState", "overdue" if late else "partial" if partial else one.status)


INVOICES: Columns = {
    "number": lambda one: one.invoice_number or "Brouillon",
    "client": lambda one: one.client_name,
    "type": lambda one: word("invoiceType", one.type),
    "status": _invoice_state,
    "entity": lambda one: one.entity,
    "ht": lambda one: one.amount_ht,
    "ttc": lambda one: one.amount_ttc,
    "due": lambda one: None if one.type == "credit_note" or one.status == "draft" else one.balance_due,
    "issued": lambda one: _day(one.issue_date),
    "due_on": lambda one: _day(one.due_at),
    "sent": lambda one: one.sent_at,
    "vat": lambda one: one.vat_amount,
    "week": lambda one: _week(one.week_key),
}


def _day(day: str | None) -> str:
    """`2026-03-11` as 11/03/2026."""
    return "/".join(reversed(str(day)[:10].split("-"))) if day else ""


def _week(key: str | None) -> str:
    """`2026-W11` in words."""
    year, _, number = (key or "").partition("-W")
    return f"Semaine {int(number)}, {year}" if number else ""


def _detail(one: EventRow) -> str:
    """What an event says that a person can read: names, notes, reasons; never a code."""
    told = [one.details[key] for key in _TOLD if isinstance(one.details.get(key), str) and one.details[key]]
    reason = one.details.get("reason")
    if isinstance(reason, str) and reason:
        known = WORDS["why"] | WORDS["rejection"]
        told.append(known.get(reason, "Autre raison") if _CODE.match(reason) else reason)
    return " · ".join(dict.fromkeys(told))


def _who(user: str) -> str:
    if user.startswith("provider:"):
        return f"Fournisseur {user.removeprefix('provider:')}"
    if user == "public":
        return "Page publique"
    return "Automatique" if user == "system" or user.startswith("system:") else user


EVENTS: Columns = {
    "action": lambda one: word("actions", one.action),
    "object": lambda one: word("objects", one.entity_type),
    "detail": _detail,
    "who": lambda one: _who(one.user),
    "entity": lambda one: one.entity,
    "at": lambda one: one.created_at,
    "reference": lambda one: one.request_id,
}

BATCHES: Columns = {
    "client": lambda one: one.client_name,
    "status": lambda one: word("deliveryStatus", one.status),
    "leads": lambda one: one.lead_count,
    "lb": lambda one: one.lb_count,
    "produit": lambda one: one.produit,
    "entity": lambda one: one.entity,
    "day": lambda one: _day(one.day),
    "handed": lambda one: one.handed_over_at,
    "ack": lambda one: word("acknowledgement", one.acknowledgement),
    "to": lambda one: ", ".join(one.recipients),
    "file": lambda one: one.csv_filename,
}
LISTS: dict[str, Columns] = {
    "leads": LEADS, "deliveries": DELIVERIES, "clients": CLIENTS, "commandes": COMMANDES, "invoices": INVOICES,
    "event-log": EVENTS, "batches": BATCHES,
}  # fmt: skip
