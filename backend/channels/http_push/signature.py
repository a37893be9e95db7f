"""The headers of a call: who we are, which call it is, and the proof that nobody changed it (Standard Webhooks)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import datetime

from backend.channels.http_push.models import Destination


def headers(to: Destination, row_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """`row_id` names the call at each of its attempts: the other side can tell a repetition."""
    stamp = str(int(now.timestamp()))
    given = {
        "Content-Type": "application/json; charset=utf-8",
        "Accept": "application/json",
        "User-Agent": "rdz-crm",
        "Idempotency-Key": row_id,
        "webhook-id": row_id,
        "webhook-timestamp": stamp,
    }
    return given | _proof(to, row_id, stamp, body)


def _proof(to: Destination, row_id: str, stamp: str, body: bytes) -> dict[str, str]:
    match to.auth:
        case "bearer":
            return {"Authorization": f"Bearer {to.secret}"}
        case "basic":
            pair = base64.b64encode(f"{to.username}:{to.secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        case "header":
            return {to.header_name: to.secret}
        case "hmac":
            return {"webhook-signature": signature(to.secret, row_id, stamp, body)}
        case _:
            return {}


def signature(secret: str, call_id: str, stamp: str, body: bytes) -> str:
    """`v1,` and the base64 HMAC-SHA256 of `id.timestamp.body`."""
    signed = f"{call_id}.{stamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key(secret), signed, hashlib.sha256).digest()).decode()


def key(secret: str) -> bytes:
    """The bytes of a `whsec_` secret (base64), or those of the text itself."""
    if secret.startswith("whsec_"):
        try:
            return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            return secret.encode()
    return secret.encode()
