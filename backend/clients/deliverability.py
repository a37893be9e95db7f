"""Whether anything can leave for a client, and to which addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from backend.clients.models import Client
from backend.clients.push import Proof

Reason = Literal["all_emails_denied", "all_emails_suppressed", "no_channel", "api_only"]
SENTENCES: dict[Reason, str] = {
    "all_emails_denied": "Toutes les adresses e-mail sont sur un domaine refusé.",
    "all_emails_suppressed": "Toutes les adresses e-mail sont écartées : leur serveur dit qu'elles n'existent pas.",
    "no_channel": "Aucune adresse e-mail utilisable.",
    "api_only": "Seule une API est renseignée et l'envoi par API est coupé : activez-le, ou ajoutez une adresse.",
}
# Exactly one addr-spec: anything else is silently cut, or split in two, by some step of the sending.
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Reach:
    """`ok` with the recipients, the client's HTTP interface (`push`) or both; or the reason why nothing can leave.

    `proof`: the channel whose acceptance makes a delivery sent.
    """

    ok: bool
    reason: Reason | None
    recipients: tuple[str, ...]
    push: bool = False
    proof: Proof = "email"


def well_formed(address: str) -> bool:
    """One address and nothing else: no list, no display name, no line break, an ASCII local part."""
    return len(address) <= 254 and _ADDRESS.fullmatch(address) is not None


def reach(client: Client, denylist: frozenset[str], suppressed: frozenset[str] = frozenset()) -> Reach:
    """Recipients are the delivery addresses that may be written to, else the main address.

    `denylist`: domains never written to; `suppressed`: addresses that their server said do not exist. Lower case.
    """
    delivery, main = _usable(client.delivery_emails), _usable([client.email])
    allowed = [_allowed(delivery, denylist), _allowed(main, denylist)]
    recipients = _living(allowed[0], suppressed) or _living(allowed[1], suppressed)
    push = client.push.enabled and bool(client.api_endpoint.strip())
    if recipients or push:
        by_email = recipients and not (push and client.push.proof == "api")
        return Reach(True, None, recipients, push, "email" if by_email else "api")
    if any(allowed):
        return Reach(False, "all_emails_suppressed", ())
    if client.api_endpoint.strip():
        return Reach(False, "api_only", ())
    return Reach(False, "all_emails_denied" if delivery or main else "no_channel", ())


def _usable(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in addresses if well_formed(one)))


def _living(addresses: Iterable[str], suppressed: frozenset[str]) -> tuple[str, ...]:
    return tuple(one for one in addresses if one.casefold() not in suppressed)


def _allowed(addresses: Iterable[str], denylist: frozenset[str]) -> tuple[str, ...]:
    return tuple(one for one in addresses if one.rpartition("@")[2].casefold() not in denylist)
