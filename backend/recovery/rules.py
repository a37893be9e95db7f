"""The token of a link, and the words of its e-mail. Pure."""

from __future__ import annotations

import hashlib
import hmac
import re
from datetime import timedelta

from backend.recovery.models import Kind

GOOD_FOR: dict[Kind, timedelta] = {"forgot": timedelta(minutes=30), "invite": timedelta(days=7)}
_PATH = "/mot-de-passe"
_TOKEN = re.compile(r"([0-9a-f-]{36})\.([0-9a-f]{64})")
_SUBJECTS: dict[Kind, str] = {
    "forgot": "Choisir un nouveau mot de passe - RDZ CRM",
    "invite": "Votre accès à RDZ CRM",
}


def token(key: bytes, link_id: str) -> str:
    """The link's id and its signature: without the key nobody can make one from what the base holds."""
    return f"{link_id}.{hmac.new(key, b'password-link:' + link_id.encode(), hashlib.sha256).hexdigest()}"


def link_of(key: bytes, given: str) -> str | None:
    """The id of a genuine token; None otherwise."""
    match = _TOKEN.fullmatch(given)
    return match[1] if match and hmac.compare_digest(token(key, match[1]), given) else None


def address(base: str, given: str) -> str:
    """What follows # is never sent to a server, so never in its logs."""
    return f"{base}{_PATH}#{given}"


def subject(kind: Kind) -> str:
    return _SUBJECTS[kind]


def text(kind: Kind, nom: str, url: str, brand: str) -> str:
    asked = {
        "forgot": "Vous avez demandé à choisir un nouveau mot de passe. Ce lien sert une fois, pendant 30 minutes :",
        "invite": "Un accès à RDZ CRM vous est ouvert. Choisissez votre mot de passe par ce lien, qui sert une fois, "
        "pendant 7 jours :",
    }
    ignored = "Si vous n'avez rien demandé, ignorez ce message : rien ne change.\n\n" if kind == "forgot" else ""
    return f"Bonjour {nom},\n\n{asked[kind]}\n{url}\n\n{ignored}Cordialement,\n{brand}\n"
