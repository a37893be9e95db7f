"""Access tokens that must be refused, whatever the library would accept."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from jose import jwt

from backend.accounts.tokens import BadToken, Claims, Tokens, digest, session_of
from backend.core.clock import utcnow

SECRET = "unit-tests-0123456789-0123456789-0123456789"
OURS = Claims("user-1", "session-1")


@pytest.fixture
def tokens() -> Tokens:
    return Tokens(SECRET, timedelta(minutes=15))


def body(**changes: Any) -> dict[str, Any]:
    now = int(utcnow().timestamp())
    whole = {
        "iss": "rdz-crm", "aud": "rdz-api", "sub": "user-1", "sid": "session-1", "type": "access",
        "iat": now, "exp": now + 900,
    }  # fmt: skip
    return {claim: value for claim, value in {**whole, **changes}.items() if value is not None}


def signed(tokens: Tokens, claims: dict[str, Any], **options: Any) -> str:
    return str(jwt.encode(claims, tokens._signing, algorithm="HS256", **options))


def test_ours_is_read_back(tokens: Tokens) -> None:
    assert tokens.read(tokens.access(OURS, utcnow())) == OURS
    assert tokens.read(signed(tokens, body())) == OURS


@pytest.mark.parametrize("missing", ["exp", "aud", "iss", "sub", "sid", "type", "iat"])
def test_a_claim_missing(tokens: Tokens, missing: str) -> None:
    with pytest.raises(BadToken):
        tokens.read(signed(tokens, body(**{missing: None})))


@pytest.mark.parametrize(("claim", "value"), [
    ("exp", 1), ("exp", "soon"), ("aud", "another"), ("iss", "another"), ("type", "refresh"), ("sub", 7), ("sub", ""),
    ("sid", {"$ne": ""}), ("sid", ""), ("nbf", 4_000_000_000),
])  # fmt: skip
def test_a_claim_wrong(tokens: Tokens, claim: str, value: object) -> None:
    with pytest.raises(BadToken):
        tokens.read(signed(tokens, body(**{claim: value})))


def test_expired(tokens: Tokens) -> None:
    with pytest.raises(BadToken):
        tokens.read(tokens.access(OURS, utcnow() - timedelta(minutes=15, seconds=1)))


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "nOnE"])
def test_unsigned(tokens: Tokens, alg: str) -> None:
    head, claims = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
                    for part in ({"alg": alg, "typ": "JWT"}, body()))  # fmt: skip
    for token in (f"{head}.{claims}.", f"{head}.{claims}", f"{head}.{claims}.AA"):
        with pytest.raises(BadToken):
            tokens.read(token)


@pytest.mark.parametrize("alg", ["HS384", "HS512"])
def test_another_algorithm_under_our_own_key(tokens: Tokens, alg: str) -> None:
    with pytest.raises(BadToken):
        tokens.read(str(jwt.encode(body(), tokens._signing, algorithm=alg)))


@pytest.mark.parametrize("key", ["x" * 32, SECRET, "key"])
def test_another_key_and_the_raw_secret_too(tokens: Tokens, key: str) -> None:
    with pytest.raises(BadToken):
        tokens.read(str(jwt.encode(body(), key, algorithm="HS256")))


def test_a_key_id_changes_nothing(tokens: Tokens) -> None:
    forged = jwt.encode(body(), "x" * 32, algorithm="HS256", headers={"kid": "../../dev/null", "jku": "http://x"})
    with pytest.raises(BadToken):
        tokens.read(str(forged))


@pytest.mark.parametrize("text", ["", ".", "..", "a.b.c", "é.é.é", "\x00", "a" * 5000, "Bearer x", "null", "{}"])
def test_not_a_token(tokens: Tokens, text: str) -> None:
    with pytest.raises(BadToken):
        tokens.read(text)


def test_tampered(tokens: Tokens) -> None:
    head, claims, mark = tokens.access(OURS, utcnow()).split(".")
    other = base64.urlsafe_b64encode(json.dumps(body(sub="user-2")).encode()).rstrip(b"=").decode()
    for token in (f"{head}.{other}.{mark}", f"{head}.{claims}.{mark[:-4]}AAAA", f"{head}.{claims}."):
        with pytest.raises(BadToken):
            tokens.read(token)


@pytest.mark.parametrize("short", ["", "x" * 31])
def test_a_short_key_is_refused_at_start(short: str) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Tokens(short, timedelta(minutes=15))


def test_a_refresh_token_has_one_successor_that_only_we_can_tell(tokens: Tokens) -> None:
    first = tokens.first_refresh("s1")
    following = tokens.next_refresh(first)
    assert following == tokens.next_refresh(first)
    assert session_of(following) == session_of(first) == "s1"
    assert following != first and tokens.next_refresh(following) != following
    assert Tokens("y" * 40, timedelta(minutes=15)).next_refresh(first) != following
    assert len({tokens.first_refresh("s1") for _ in range(50)}) == 50
    assert first not in digest(first)


def test_a_csrf_token_belongs_to_its_session(tokens: Tokens) -> None:
    assert tokens.csrf_matches("s1", tokens.csrf("s1"))
    assert not tokens.csrf_matches("s1", tokens.csrf("s2"))
    assert not tokens.csrf_matches("s1", "")
    assert not tokens.csrf_matches("s1", "é\udcff")
