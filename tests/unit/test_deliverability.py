"""Whether a client can be reached, and at which addresses."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.clients import rules
from backend.clients.deliverability import SENTENCES, reach, well_formed
from backend.clients.models import Client

DENIED = frozenset({"mailinator.com", "test.com"})
GONE = frozenset({"parti@client.fr", "main@gone.fr"})
NOW = datetime(2026, 3, 11, 9, tzinfo=UTC)


def client(**fields: Any) -> Client:
    known: dict[str, Any] = {
        "id": "c1",
        "entity": "ZR7",
        "name": "Solaire du Midi",
        "email": "main@client.fr",
        "created_at": NOW,
        "updated_at": NOW,
    }
    return Client(**known | fields)


@pytest.mark.parametrize(
    ("fields", "ok", "reason", "recipients"),
    [
        ({}, True, None, ("main@client.fr",)),
        ({"delivery_emails": ["a@client.fr", "b@client.fr"]}, True, None, ("a@client.fr", "b@client.fr")),
        ({"delivery_emails": ["a@client.fr", "x@test.com"]}, True, None, ("a@client.fr",)),
        ({"delivery_emails": ["x@test.com"]}, True, None, ("main@client.fr",)),
        ({"email": "x@mailinator.com"}, False, "all_emails_denied", ()),
        ({"delivery_emails": ["Parti@client.fr", "b@client.fr"]}, True, None, ("b@client.fr",)),
        ({"delivery_emails": ["parti@client.fr"]}, True, None, ("main@client.fr",)),
        ({"email": "main@gone.fr", "delivery_emails": ["parti@client.fr"]}, False, "all_emails_suppressed", ()),
        ({"email": "x@MAILINATOR.com"}, False, "all_emails_denied", ()),
        ({"email": "x@mailinator.com", "delivery_emails": ["a@client.fr"]}, True, None, ("a@client.fr",)),
        ({"email": "x@sub.mailinator.com"}, True, None, ("x@sub.mailinator.com",)),
        ({"email": ""}, False, "no_channel", ()),
        ({"email": "a@b.fr, c@d.fr"}, False, "no_channel", ()),
        ({"email": "x@mailinator.com", "api_endpoint": "https://api.client.fr"}, False, "api_only", ()),
        ({"email": "", "api_endpoint": "  "}, False, "no_channel", ()),
        ({"delivery_emails": ["a@client.fr", "a@client.fr"]}, True, None, ("a@client.fr",)),
    ],
)
def test_reach(fields: dict[str, Any], ok: bool, reason: str | None, recipients: tuple[str, ...]) -> None:
    found = reach(client(**fields), DENIED, GONE)
    assert (found.ok, found.reason, found.recipients) == (ok, reason, recipients)
    assert found.reason is None or SENTENCES[found.reason]


@pytest.mark.parametrize(
    "address",
    ["a@b.fr\r\nRCPT TO:<e@f.fr>", "<a@b.fr> SIZE=1", "a@b.fr,c@d.fr", "a b@c.fr", "a@b@c.fr", "@b.fr", "a@",
     "a\x00@b.fr", "Nom <a@b.fr>", "a@b..fr", "a@b.fr\n", "é@b.fr", '"a b"@c.fr', "a" * 65 + "@b.fr"],
)  # fmt: skip
def test_anything_but_one_address_is_not_written_to(address: str) -> None:
    assert not well_formed(address)


@given(st.text(max_size=40))
def test_what_passes_is_one_plain_address(text: str) -> None:
    if well_formed(text):
        assert text.isascii() and text.count("@") == 1
        assert not set(text) & set(',;<>" \r\n\t\x00')


@given(
    st.lists(st.sampled_from(["a@client.fr", "x@test.com", "bad", "b@client.fr"]), max_size=5),
    st.sampled_from(["main@client.fr", "x@mailinator.com", ""]),
)
def test_recipients_are_never_denied_and_there_are_some_exactly_when_reachable(listed: list[str], main: str) -> None:
    found = reach(client(email=main, delivery_emails=listed), DENIED)
    assert found.ok == bool(found.recipients) == (found.reason is None)
    assert not any(one.rpartition("@")[2] in DENIED for one in found.recipients)


def test_a_search_starts_at_any_word_or_address() -> None:
    keys = rules.search_keys("Énergie du Sud", "Zoé", ["leads@sud.fr"])
    assert {"energie du sud", "du sud", "sud", "zoe", "leads@sud.fr"} == set(keys)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [({}, True), ({"active": False}, False), ({"client_status": "Blocked"}, False), ({"email": "x@test.com"}, False),
     ({"client_status": "Watchlist"}, True), ({"deleted_at": NOW}, False)],
)  # fmt: skip
def test_who_may_receive_leads(fields: dict[str, Any], expected: bool) -> None:
    assert rules.routable(client(**fields), DENIED) is expected
