"""The link that acknowledges a batch: nobody makes one without the key, nobody alters one."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from backend.batches.link import GOOD_FOR, PATH, Links
from backend.core.ids import new_id

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
LINKS = Links("https://crm.exemple.fr", (b"a" * 32,))
BATCH, CLIENT = new_id(), new_id()


def token(links: Links = LINKS) -> str:
    return links.url(BATCH, CLIENT, NOW).rpartition("/")[2]


def test_a_link_names_its_batch_and_client_for_sixty_days() -> None:
    url = LINKS.url(BATCH, CLIENT, NOW)
    assert url.startswith(f"https://crm.exemple.fr{PATH}") and len(url) < 200
    named = LINKS.read(token())
    assert named is not None
    assert (named.batch_id, named.client_id, named.until) == (BATCH, CLIENT, NOW + GOOD_FOR)
    assert timedelta(days=60) == GOOD_FOR


def test_a_link_made_with_a_key_being_replaced_is_recognised_and_another_is_not() -> None:
    new = Links("x", (b"b" * 32, b"a" * 32))
    assert new.read(token()) is not None
    assert Links("x", (b"b" * 32,)).read(token()) is None
    assert Links("x", (b"b" * 32,)).read(token(new)) is not None, "the first key signs"
    assert "aaaa" not in repr(new)


def test_every_altered_letter_is_refused() -> None:
    good = token()
    for at, letter in enumerate(good):
        for other in ("A", "-", "z"):
            assert other == letter or LINKS.read(good[:at] + other + good[at + 1 :]) is None, at
    raw = base64.urlsafe_b64decode(good + "=")
    for at in range(len(raw)):
        altered = raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
        assert LINKS.read(base64.urlsafe_b64encode(altered).rstrip(b"=").decode()) is None, at


@pytest.mark.parametrize("wrong", ["", "x", "é" * 75, "A" * 75, "A" * 76, "A" * 10_000, "../" * 20, "%00", " "])
def test_what_is_not_a_link_is_refused(wrong: str) -> None:
    assert LINKS.read(wrong) is None
    assert LINKS.read(token() + wrong) is None or wrong == ""
    assert LINKS.read(token() + "=") is None
