"""How each object is told in a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.accounts.models import User
from backend.clients.models import ClientAnswer
from backend.commandes.models import CommandeView
from backend.core import phone as phones
from backend.invoices.models import Invoice
from backend.search.models import Hit

SHORTEST = 2
_AREAS = 3


def detail(*facts: str | None) -> str:
    return " · ".join(one for one in facts if one)


def lead(doc: Mapping[str, Any]) -> Hit:
    told = detail(phones.display(doc["phone"]) or doc["phone_raw"], doc["departement"], doc["produit"])
    return Hit(id=doc["id"], title=_name(doc), detail=told, entity=doc["entity"], status=doc["status"])


def delivery(doc: Mapping[str, Any]) -> Hit:
    contact = doc["contact"]
    told = detail(doc["client_name"], phones.display(contact["phone"]), doc["produit"])
    return Hit(id=doc["id"], title=_name(contact), detail=told, entity=doc["entity"], status=doc["status"])


def client(one: ClientAnswer) -> Hit:
    told = detail(one.email, one.contact_name)
    return Hit(id=one.id, title=one.name, detail=told, entity=one.entity, status=_active(one.active))


def commande(one: CommandeView) -> Hit:
    areas = ", ".join(one.departements[:_AREAS]) + ("…" if len(one.departements) > _AREAS else "")
    told = detail(one.produit, "" if one.departements == ["*"] else areas)
    return Hit(id=one.id, title=one.client_name, detail=told, entity=one.entity, status=_active(one.active))


def invoice(one: Invoice) -> Hit:
    return Hit(
        id=one.id, title=one.invoice_number or "", detail=one.client_name, entity=one.entity, status=one.status
    )  # fmt: skip


def user(one: User) -> Hit:
    return Hit(id=one.id, title=one.nom, detail=one.email, entity=one.entity, status=_active(one.is_active))


def _name(doc: Mapping[str, Any]) -> str:
    return f"{doc['prenom']} {doc['nom']}".strip()


def _active(on: bool) -> str:
    return "active" if on else "inactive"
