"""Secrets at rest open with their key, at their place, unaltered; and not otherwise."""

from __future__ import annotations

import pytest

from backend.core.sealing import Unreadable, Vault, place

KEY, OTHER = "a" * 32, "b" * 32
HERE = place("clients", "c1", "api_key")


def test_what_is_sealed_is_hidden_and_comes_back() -> None:
    vault = Vault(KEY)
    sealed = vault.seal("clé d'été", HERE)
    assert vault.open(sealed, HERE) == "clé d'été"
    assert "clé d'été".encode() not in sealed["data"] and sealed["key"] == vault.current
    assert vault.seal("clé d'été", HERE)["data"] != sealed["data"], "a nonce of its own each time"


def test_a_key_is_replaced_without_losing_what_it_sealed() -> None:
    sealed = Vault(KEY).seal("x", HERE)
    both = Vault(OTHER, KEY)
    assert both.open(sealed, HERE) == "x"
    assert both.seal("x", HERE)["key"] == Vault(OTHER).current != sealed["key"]
    with pytest.raises(Unreadable):
        Vault(OTHER).open(sealed, HERE)


def test_the_same_key_given_twice_is_one() -> None:
    assert Vault(KEY, KEY).open(Vault(KEY).seal("x", HERE), HERE) == "x"


@pytest.mark.parametrize("elsewhere", [place("clients", "c2", "api_key"), place("clients", "c1", "notes"), ""])
def test_what_is_sealed_is_bound_to_its_place(elsewhere: str) -> None:
    with pytest.raises(Unreadable):
        Vault(KEY).open(Vault(KEY).seal("x", HERE), elsewhere)


@pytest.mark.parametrize("part", ["nonce", "data", "key"])
def test_what_is_altered_does_not_open(part: str) -> None:
    sealed = Vault(KEY).seal("x", HERE)
    altered = "0" * 16 if part == "key" else bytes([sealed[part][0] ^ 1]) + sealed[part][1:]
    with pytest.raises(Unreadable):
        Vault(KEY).open({**sealed, part: altered}, HERE)
    with pytest.raises(Unreadable):
        Vault(KEY).open({name: one for name, one in sealed.items() if name != part}, HERE)


def test_each_use_has_its_own_key_and_a_short_one_is_refused() -> None:
    vault = Vault(KEY, OTHER)
    assert len({*vault.keys_for("receipts"), *vault.keys_for("something else")}) == 4
    assert vault.keys_for("receipts")[0] == Vault(KEY).keys_for("receipts")[0]
    with pytest.raises(ValueError, match="32"):
        Vault("short")
