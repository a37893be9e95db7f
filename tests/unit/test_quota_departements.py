"""Départements: the codes, the postcodes, which orders cover what; rules of a commande's changes."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from backend.commandes import departements, rules
from backend.commandes.models import Commande, plain

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)


def order(**fields: Any) -> Commande:
    base: dict[str, Any] = {
        "id": "c1", "entity": "ZR7", "client_id": "k1", "produit": "PV", "departements": ["13"], "quota_semaine": 10,
        "lb_target_pct": Decimal("0.2"), "priorite": 5, "active": True, "auto_renew": True, "opened_week": "2026-W11",
        "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return Commande(**(base | fields))


def test_there_are_101_departements() -> None:
    assert len(departements.ALL) == 101
    assert departements.known("2A") and departements.known("976")
    assert not any(departements.known(code) for code in ("20", "*", "00", "96", "975", "1", ""))


@pytest.mark.parametrize(
    ("postcode", "code"),
    [
        ("75011", "75"), ("01000", "01"), ("20000", "2A"), ("20137", "2A"), ("20200", "2B"), ("20600", "2B"),
        ("97110", "971"), ("97600", "976"), ("13 001", "13"), ("97500", None), ("98000", None), ("20900", None),
        ("00123", None), ("7501", None), ("750111", None), ("٧٥٠١١", None), ("75011\n", "75"), ("", None),
    ],
)  # fmt: skip
def test_a_postcode_gives_its_departement(postcode: str, code: str | None) -> None:
    assert departements.from_postcode(postcode) == code


def test_orders_that_cover_a_lead() -> None:
    assert departements.matching("13") == ("13", "*")
    assert departements.matching("2A") == ("2A", "20", "*")
    assert set(departements.matching("20")) == {"20", "2A", "2B", "*"}


def test_what_a_list_covers() -> None:
    assert departements.covered(["20", "13"]) == {"13", "2A", "2B"}
    assert len(departements.covered(["*"])) == 101
    assert departements.collapsed(["13", "*", "13"]) == ["*"]
    assert departements.collapsed(["13", "83", "13"]) == ["13", "83"]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"active": False}, None),
        ({"quota_semaine": 11}, "commande_raised"),
        ({"quota_semaine": 0}, "commande_raised"),
        ({"quota_semaine": 9}, None),
        ({"departements": ["13", "83"]}, "commande_widened"),
        ({"departements": ["*"]}, "commande_widened"),
        ({"departements": ["83"]}, "commande_widened"),
        ({"lb_target_pct": Decimal("0.1")}, "lb_target_changed"),
        ({"notes": "rappeler"}, None),
    ],
)
def test_what_lets_waiting_leads_in(change: dict[str, Any], reason: str | None) -> None:
    assert rules.unblocks(order(), order(**change)) == reason


def test_opening_lets_waiting_leads_in_and_a_paused_commande_does_not() -> None:
    assert rules.unblocks(None, order()) == "commande_opened"
    assert rules.unblocks(order(active=False), order()) == "commande_opened"
    assert rules.unblocks(order(active=False), order(active=False, quota_semaine=99)) is None


def test_a_commande_that_does_not_renew_serves_its_own_week_only() -> None:
    assert rules.open_for(order(auto_renew=False), "2026-W11")
    assert not rules.open_for(order(auto_renew=False), "2026-W12")
    assert rules.open_for(order(), "2026-W40")
    assert not rules.open_for(order(active=False), "2026-W11")


def test_permissions_follow_the_fields() -> None:
    assert rules.permissions_for(["lb_target_pct"]) == ["commandes.edit_lb_target"]
    assert rules.permissions_for(["active", "notes"]) == ["commandes.activate_pause", "commandes.edit_quota"]
    assert rules.permissions_for([]) == ["commandes.edit_quota"]


def test_lb_status() -> None:
    assert rules.lb_status(10, 2, Decimal("0.2")) == (Decimal("0.2"), Decimal(0), "on_target")
    assert rules.lb_status(10, 5, Decimal("0.2"))[2] == "over"
    assert rules.lb_status(0, 0, Decimal("0.2")) == (Decimal(0), Decimal("-0.2"), "under")


@pytest.mark.parametrize(("value", "text"), [("0.20", "0.2"), ("0", "0"), ("1.0", "1"), ("0E-4", "0"), ("10", "10")])
def test_plain_decimals(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text
