"""What a client's fields imply: search keys, routability, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from backend.clients.deliverability import reach
from backend.clients.models import Client
from backend.core import phone as phones
from backend.core.companies import tva_is_of
from backend.core.finding import phone_keys
from backend.core.text import folded, special_use

CRM_EVENT = "crm_update"


def email_keys(email: str, delivery_emails: Iterable[str]) -> list[str]:
    """Every address of a client, lower-cased, once."""
    return sorted({one.strip().lower() for one in (email, *delivery_emails)})


def search_keys(name: str, contact_name: str, emails: Iterable[str], phone: str = "") -> list[str]:
    """What a search may start with: the name from each of its words on, the contact, the addresses, the number."""
    words = folded(name).split()
    tails = {" ".join(words[start:]) for start in range(len(words))}
    return sorted({*tails, folded(contact_name), *emails, *phone_keys(phones.parse(phone).e164)} - {""})


def derived(client: Client) -> dict[str, Any]:
    """Fields kept beside the client for its queries."""
    keys = email_keys(client.email, client.delivery_emails)
    return {
        "email_keys": keys,
        "name_key": folded(client.name),
        "search_keys": search_keys(client.name, client.contact_name, keys, client.phone),
    }


def routable(client: Client, denylist: frozenset[str], suppressed: frozenset[str] = frozenset()) -> bool:
    """Whether leads may be reserved for this client, as far as the client alone decides."""
    open_to_leads = client.active and not client.deleted and not client.blocked
    return open_to_leads and reach(client, denylist, suppressed).ok


def unreachable(email: str, delivery_emails: Iterable[str], billing_email: str) -> dict[str, str]:
    """Field -> French sentence for the addresses whose domain nobody can receive at."""
    wrong = {"email": special_use(email), "delivery_emails": any(map(special_use, delivery_emails))}
    wrong["billing_email"] = special_use(billing_email)
    return {field: "Ce domaine ne peut pas recevoir d'e-mail." for field, refused in wrong.items() if refused}


def changes(old: Client, given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """`{"old": ..., "new": ...}` of the fields of `given` that differ; never the API key."""
    before = old.model_dump()
    moved = [name for name, value in given.items() if name in before and before[name] != value]
    return {"old": {name: before[name] for name in moved}, "new": {name: given[name] for name in moved}}


_NEEDED: Mapping[str, str] = {
    "name": "raison sociale",
    "siren": "SIREN",
    "billing_address": "adresse de facturation",
    "billing_postcode": "code postal de facturation",
    "billing_city": "ville de facturation",
}


def missing_to_invoice(client: Client) -> list[str]:
    """What an invoice to this client would lack, in French; empty when it may be issued."""
    return [name for field, name in _NEEDED.items() if not getattr(client, field)]


def identity_refused(client: Client) -> dict[str, str]:
    """Field -> French sentence when the numbers of the client are not those of one company."""
    if tva_is_of(client.tva_number, client.siren):
        return {}
    return {"tva_number": "Ce numéro de TVA n'est pas celui du SIREN."}
