"""Provider keys: made here, shown once, kept as a digest."""

from __future__ import annotations

import hashlib
import re
import secrets

PREFIX = "prov_"
_SHOWN = 12
_SLUG = re.compile(r"[a-z0-9-]{2,40}")


def new_key() -> str:
    """`prov_` and 32 random bytes, URL-safe."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """SHA-256 in hexadecimal: enough for 32 random bytes, and quick at each call."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()


def shown(key: str) -> str:
    """The beginning of a key, by which people tell one from another."""
    return key[:_SHOWN]


def plausible(key: str) -> bool:
    """False for what can't be one of our keys: not worth a query."""
    return key.startswith(PREFIX) and len(key) <= 200


def slug(text: str) -> str:
    """The slug of `text`, lower-cased and trimmed; ValueError, told in French, when it can't be one."""
    folded = text.strip().lower()
    if not _SLUG.fullmatch(folded):
        raise ValueError("De 2 à 40 caractères : lettres sans accent, chiffres et tirets.")
    return folded
