"""Tokens: the only module that knows python-jose.

Left to itself the library decodes without an algorithm list, accepts a token without `exp` or `aud`, and signs with an
empty key. `Tokens` asks for everything: HS256 alone, a key of 32 bytes or more, `exp`, `aud`, `iss`, `sub`, `sid` and
the type. Keys of each use are derived from `JWT_SECRET`, so that one can never stand for another. Times are real times.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jose import JWTError, jwt

ALGORITHM = "HS256"
ISSUER = "rdz-crm"
AUDIENCE = "rdz-api"
ACCESS = "access"
MIN_KEY_BYTES = 32
_MAX_LENGTH = 4096
_REQUIRED = {f"require_{claim}": True for claim in ("exp", "iat", "aud", "iss", "sub")}


class BadToken(Exception):
    """The token is not one of ours, or no longer valid; which of the two is nobody's business."""


@dataclass(frozen=True, slots=True)
class Claims:
    user_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class Signed:
    """What a session hands to its owner."""

    access: str
    refresh: str
    csrf: str
    expires_in: int


class Tokens:
    """Access tokens (JWT), refresh tokens (opaque, chained) and CSRF tokens (bound to the session)."""

    def __init__(self, secret: str, lifetime: timedelta) -> None:
        if len(secret.encode()) < MIN_KEY_BYTES:
            raise ValueError("JWT_SECRET must have at least 32 bytes")
        self._secret = secret.encode()
        self._signing = self._mac("access", "key")
        self.lifetime = lifetime

    def access(self, claims: Claims, now: datetime) -> str:
        body: dict[str, Any] = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": claims.user_id,
            "sid": claims.session_id,
            "type": ACCESS,
            "iat": int(now.timestamp()),
            "exp": int((now + self.lifetime).timestamp()),
        }
        return str(jwt.encode(body, self._signing, algorithm=ALGORITHM))

    def read(self, token: str) -> Claims:
        """The claims of a valid access token; `BadToken` for anything else."""
        if len(token) > _MAX_LENGTH:
            raise BadToken
        try:
            body = jwt.decode(
                token, self._signing, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options=_REQUIRED
            )
        except JWTError as exc:
            raise BadToken from exc
        sub, sid = body.get("sub"), body.get("sid")
        if body.get("type") != ACCESS or not isinstance(sub, str) or not isinstance(sid, str) or not sub or not sid:
            raise BadToken
        return Claims(sub, sid)

    def first_refresh(self, session_id: str) -> str:
        return f"{session_id}.{secrets.token_urlsafe(32)}"

    def next_refresh(self, token: str) -> str:
        """The successor of a refresh token. Always the same one, so that two tabs refreshing together agree;
        without `JWT_SECRET` nobody can tell it from chance."""
        return f"{session_of(token)}.{self._mac('refresh', token)}"

    def csrf(self, session_id: str) -> str:
        return self._mac("csrf", session_id)

    def csrf_matches(self, session_id: str, given: str) -> bool:
        return hmac.compare_digest(self.csrf(session_id).encode(), given.encode("utf-8", "replace"))

    def _mac(self, use: str, text: str) -> str:
        key = hmac.digest(self._secret, f"rdz:{use}".encode(), "sha256")
        return f"{use}-" + hmac.digest(key, text.encode("utf-8", "replace"), "sha256").hex()


def session_of(refresh: str) -> str:
    """The session that a refresh token names."""
    return refresh.partition(".")[0]


def digest(token: str) -> str:
    """What the base keeps of a refresh token: 256 random bits need no salt."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
