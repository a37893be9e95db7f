"""What taking a lead in asks of the base, and how far the table of the trade may be trusted."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest

from backend.clients.models import ClientUpdate
from backend.core.ids import new_id
from tests.support.commands import CommandLog
from tests.support.explain import listening
from tests.support.trade import Trade, phone

_KEPT = ("settings", "forms", "suppressions", "commandes", "clients", "client_product_pricing", "prepayment_balances",
         "quota_counters")  # fmt: skip


async def test_a_lead_is_sold_in_eight_questions_however_many_could_have_it(trade: Trade, commands: CommandLog) -> None:
    """What was received, then one transaction: claim, place, exclusivity, delivery, lead, event, commit."""
    for n in range(12):
        await trade.buyer(f"Acheteur {n}")
    await trade.lead()  # the trade is in memory
    with listening(commands):
        answer = await trade.submit({"Idempotency-Key": new_id()})
    assert answer.json()["status"] == "routed"
    assert _of_the_lead(commands) == [
        "find intake_claims",
        "insert intake_claims",
        "findAndModify quota_counters",
        "update dedup_claims",
        "insert deliveries",
        "insert leads",
        "insert event_log",
        "commitTransaction",
    ]


async def test_a_lead_asked_again_costs_nothing_here_and_two_questions_elsewhere(
    trade: Trade, commands: CommandLog
) -> None:
    await trade.buyer()
    key, body = {"Idempotency-Key": new_id()}, {"phone": phone()}
    await trade.submit(key, **body)
    for asked in ([], ["find intake_claims", "find leads"], []):
        with listening(commands):
            answer = await trade.submit(key, **body)
        assert (answer.status_code, answer.json()["first_status"]) == (200, "routed")
        assert _of_the_lead(commands) == asked
        if not asked:
            trade.parts.intake.forget()  # as another process would, which answers by itself from then on


async def test_where_the_base_is_far_a_lead_is_kept_in_four_questions(
    trade: Trade, commands: CommandLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its event leaves with the task that routes it."""
    await trade.buyer()
    await trade.lead()
    monkeypatch.setattr(trade.parts.parametres, "far", lambda: True)
    with listening(commands):
        answer = await trade.submit({"Idempotency-Key": new_id()})
    assert (answer.status_code, answer.json()["status"]) == (201, "new")
    assert _of_the_lead(commands) == ["insert intake_claims", "insert outbox", "insert leads", "commitTransaction"]


async def test_leads_that_arrive_together_are_stored_together(trade: Trade, commands: CommandLog) -> None:
    """Each has its place, its own events under its own request, and shares all the rest."""
    _, commande = await trade.buyer(quota_semaine=8)
    await trade.lead()
    with listening(commands):
        answers = await asyncio.gather(*(trade.submit({"X-Request-ID": f"ensemble-{n}"}) for n in range(12)))
    asked = Counter(_of_the_lead(commands))
    assert asked["findAndModify quota_counters"] >= 7 and asked["commitTransaction"] < 7, asked
    assert Counter(one.json()["status"] for one in answers) == {"routed": 7, "no_open_orders": 5}
    assert (await trade.row("quota_counters", commande_id=commande.id))["used"] == 8
    for n, one in enumerate(answers):
        event = await trade.row("event_log", entity_id=one.json()["lead_id"], action="lead_received")
        assert event["request_id"] == f"ensemble-{n}"
    assert not [check for check in await trade.parts.monitoring.invariants() if check.count]


async def test_what_the_table_refuses_is_asked_again_of_the_base(trade: Trade) -> None:
    """Another process opened the commande: its waiting leads were routed already, this one must not miss it."""
    _, commande = await trade.buyer()
    await trade.parts.commandes.toggle(trade.parts.everyone, commande.id, "test")
    assert (await trade.lead())["status"] == "no_open_orders"
    await trade.parts.mongo.collection("commandes").update_one({"id": commande.id}, {"$set": {"active": True}})
    assert (await trade.lead())["status"] == "routed"


async def test_what_this_process_changed_is_seen_at_once(trade: Trade) -> None:
    client, _ = await trade.buyer("Premier", priorite=1)
    other, _ = await trade.buyer("Second", priorite=2)
    assert (await trade.lead())["delivery_client_id"] == client.id
    await trade.parts.clients.update(trade.parts.everyone, client.id, ClientUpdate(active=False), "test")
    assert (await trade.lead())["delivery_client_id"] == other.id


async def test_a_place_taken_elsewhere_is_never_taken_twice(trade: Trade) -> None:
    """The table still shows a free place: the counter refuses it, and the next commande has the lead."""
    _, first = await trade.buyer("Premier", priorite=1, quota_semaine=2)
    other, _ = await trade.buyer("Second", priorite=2)
    await trade.lead()
    await trade.parts.mongo.collection("quota_counters").update_one({"commande_id": first.id}, {"$set": {"used": 2}})
    lead = await trade.lead()
    assert lead["delivery_client_id"] == other.id
    assert [one["reason"] for one in lead["considered"]] == ["quota_full", "chosen"]


def _of_the_lead(commands: CommandLog) -> list[str]:
    """Without the readings kept in memory, which are renewed in the background whatever arrives."""
    renewed = {f"find {name}" for name in _KEPT}
    return [one for one in commands.asked if one not in renewed]
