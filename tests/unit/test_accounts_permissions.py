"""The permission table, and what a stored map grants."""

from __future__ import annotations

import pytest

from backend.accounts.permissions import KEYS, ROLES, granted, preset

ADDED = {
    "deliveries.outcome", "leads.reroute", "clients.crm", "outbox.view", "outbox.manage", "settings.manage",
    "system.manage", "system.view", "exports.create", "views.share", "billing.close",
}  # fmt: skip
ADDED_FOR_OPS = ADDED - {"settings.manage", "system.manage", "billing.close"}


def test_the_27_keys_of_the_reference_and_the_added_ones() -> None:
    assert len(set(KEYS)) == len(KEYS) == 27 + len(ADDED)
    assert set(KEYS) >= ADDED


@pytest.mark.parametrize(("role", "of_the_reference", "added"), [
    ("super_admin", 27, ADDED), ("admin", 25, ADDED), ("ops", 13, ADDED_FOR_OPS), ("viewer", 6, set()),
])  # fmt: skip
def test_presets(role: str, of_the_reference: int, added: set[str]) -> None:
    given = {key for key, yes in preset(role).items() if yes}
    assert given & ADDED == added
    assert len(given - ADDED) == of_the_reference
    assert set(preset(role)) == set(KEYS)


def test_only_a_super_admin_manages_users_at_first() -> None:
    holders = [role for role in ROLES if preset(role)["users.manage"]]
    assert holders == ["super_admin"]
    assert not preset("admin")["monitoring.lb.view"]


def test_an_unknown_role_is_a_viewer() -> None:
    assert preset("emperor") == preset("viewer")
    assert granted("emperor", None) == granted("viewer", None)


@pytest.mark.parametrize("value", [1, "true", "yes", None, False, 1.0, [True], {"$ne": None}])
def test_only_exactly_true_grants(value: object) -> None:
    assert granted("admin", {"leads.view": value}) == frozenset()
    assert granted("admin", {"leads.view": True}) == {"leads.view"}


def test_an_empty_map_grants_nothing_and_no_map_grants_the_preset() -> None:
    assert granted("admin", {}) == frozenset()
    assert "clients.create" in granted("admin", None)


def test_a_super_admin_holds_everything_whatever_is_stored() -> None:
    assert granted("super_admin", {}) == frozenset(KEYS)
