"""Secrets at rest: AES-256-GCM under a key that is not in the base, and keys for other uses derived from it.

What is sealed says which key sealed it and is bound to its place (`collection:id:field`): moved to another row or
field, or altered anywhere, it does not open.
"""

from __future__ import annotations

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from backend.core.mongo import Doc

MIN_KEY_LENGTH = 32
_NONCE_BYTES = 12


class Unreadable(Exception):
    """A sealed secret that none of the keys given opens: altered, moved, or its key is gone."""


class Vault:
    """Seals with `key`, opens with `key` and with each of `old` (keys being replaced)."""

    def __init__(self, key: str, *old: str) -> None:
        if any(len(one) < MIN_KEY_LENGTH for one in (key, *old)):
            raise ValueError("a key must have at least 32 characters")
        self._masters = tuple(one.encode() for one in (key, *old))
        own = [_derived(master, "sealing") for master in self._masters]
        self._keys = {_id_of(one): AESGCM(one) for one in reversed(own)}
        self._current = _id_of(own[0])

    def seal(self, text: str, place: str) -> Doc:
        """`text` as it may be stored at `place`."""
        nonce = os.urandom(_NONCE_BYTES)
        data = self._keys[self._current].encrypt(nonce, text.encode(), place.encode())
        return {"key": self._current, "nonce": nonce, "data": data}

    def open(self, sealed: Doc, place: str) -> str:
        """The text back; `Unreadable` when it cannot be trusted or its key is not here."""
        key = self._keys.get(str(sealed.get("key")))
        if key is None:
            raise Unreadable("sealed with a key that was not given")
        try:
            return key.decrypt(sealed["nonce"], sealed["data"], place.encode()).decode()
        except (InvalidTag, KeyError, TypeError, ValueError) as exc:
            raise Unreadable("altered, or moved from another place") from exc

    @property
    def current(self) -> str:
        """The id of the key that seals now."""
        return self._current

    def keys_for(self, use: str) -> list[bytes]:
        """One key of 32 bytes for another use, per key given, the current one first."""
        return [_derived(master, use) for master in self._masters]


def place(collection: str, row_id: str, field: str) -> str:
    """What a sealed secret is bound to."""
    return f"{collection}:{row_id}:{field}"


def _derived(master: bytes, use: str) -> bytes:
    return HKDF(hashes.SHA256(), length=32, salt=None, info=f"rdz:{use}:1".encode()).derive(master)


def _id_of(key: bytes) -> str:
    return hashlib.sha256(key).hexdigest()[:16]
