"""The link by which the recipient of a batch acknowledges it: signed, for one batch and client, good for 60 days.

Who holds the link may acknowledge, nothing else; without the key nobody can make one. Its time is business time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

GOOD_FOR = timedelta(days=60)
PATH = "/api/public/receipts/"
_NAMED, _MAC = 36, 20  # bytes: batch and client (16 each) and expiry (4); HMAC-SHA256, cut to 160 bits
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Named:
    """What a genuine link names, and until when it is good."""

    batch_id: str
    client_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Links:
    """`base`: where the house is reached from outside. `keys`: the first signs, every one is recognised."""

    base: str
    keys: tuple[bytes, ...] = field(repr=False)

    def url(self, batch_id: str, client_id: str, now: datetime) -> str:
        until = int((now + GOOD_FOR).timestamp())
        named = UUID(batch_id).bytes + UUID(client_id).bytes + until.to_bytes(4, "big")
        return self.base + PATH + _text(named + _mac(self.keys[0], named))

    def read(self, token: str) -> Named | None:
        """What `token` names, expired or not; None when it is not, to the letter, one that was made here."""
        raw = _bytes(token)
        if raw is None:
            return None
        named, mac = raw[:_NAMED], raw[_NAMED:]
        if not any(hmac.compare_digest(mac, _mac(key, named)) for key in self.keys):
            return None
        until = datetime.fromtimestamp(int.from_bytes(named[32:], "big"), UTC)
        return Named(str(UUID(bytes=named[:16])), str(UUID(bytes=named[16:32])), until)


def _mac(key: bytes, named: bytes) -> bytes:
    return hmac.new(key, named, hashlib.sha256).digest()[:_MAC]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(token: str) -> bytes | None:
    """Only what `_text` writes: one text per link."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == _NAMED + _MAC and _text(raw) == token else None
