"""Places of a week: never one too many, whatever the concurrency."""

from __future__ import annotations

import asyncio
from collections import Counter as Tally
from decimal import Decimal
from typing import Any

from backend.bootstrap import Parts
from backend.commandes.models import Commande, CommandeChange
from backend.commandes.quota import counter_id
from backend.core.mongo import Tx
from tests.support.orders import WEEK, add_commande

PATIENT = 60.0


async def take(parts: Parts, commande: Commande, *, lb: bool = False, over_share: bool = False) -> bool:
    async def work(tx: Tx) -> bool:
        held = await parts.commandes.take_place(tx, commande.id, WEEK, lb=lb, over_share=over_share)
        return held is not None

    return await parts.mongo.transaction(work, budget=PATIENT)


async def give_back(parts: Parts, commande: Commande, *, lb: bool = False) -> None:
    async def work(tx: Tx) -> None:
        await parts.commandes.give_back(tx, commande.id, WEEK, lb=lb)

    await parts.mongo.transaction(work, budget=PATIENT)


async def counter(parts: Parts, commande: Commande) -> dict[str, Any]:
    doc = await parts.mongo.collection("quota_counters").find_one({"_id": counter_id(commande.id, WEEK)})
    assert doc is not None
    return doc


async def ready(parts: Parts, **fields: Any) -> Commande:
    commande = await add_commande(parts, **fields)
    await parts.commandes.counters([(commande, WEEK)])
    return commande


async def test_two_hundred_takers_at_once_get_exactly_the_quota(parts: Parts) -> None:
    commande = await ready(parts, quota_semaine=10)

    async def queued() -> bool:
        async with parts.commandes.line([commande.id]):
            return await take(parts, commande)

    won = await asyncio.gather(*(queued() for _ in range(200)))
    assert Tally(won) == {True: 10, False: 190}
    assert (await counter(parts, commande))["used"] == 10


async def test_the_quota_holds_without_the_queue(parts: Parts) -> None:
    commande = await ready(parts, quota_semaine=10)
    won = await asyncio.gather(*(take(parts, commande) for _ in range(60)))
    assert Tally(won) == {True: 10, False: 50}
    assert (await counter(parts, commande))["used"] == 10


async def test_fresh_leads_stop_at_their_share_and_lb_fill_the_rest(parts: Parts) -> None:
    commande = await ready(parts, quota_semaine=10, lb_target_pct=Decimal("0.2"))
    assert sum([await take(parts, commande) for _ in range(12)]) == 8
    assert await take(parts, commande, lb=True)
    assert not await take(parts, commande)
    assert await take(parts, commande, over_share=True)
    assert not await take(parts, commande, lb=True)
    doc = await counter(parts, commande)
    assert (doc["used"], doc["lb"], doc["taken"]) == (10, 1, 10)


async def test_the_fresh_share_holds_under_concurrency(parts: Parts) -> None:
    commande = await ready(parts, quota_semaine=10, lb_target_pct=Decimal("0.3"))

    async def queued(lb: bool) -> bool:
        async with parts.commandes.line([commande.id]):
            return await take(parts, commande, lb=lb)

    await asyncio.gather(*(queued(n % 2 == 0) for n in range(80)))
    doc = await counter(parts, commande)
    assert doc["used"] == 10
    assert doc["used"] - doc["lb"] <= 7


async def test_an_unlimited_commande_never_refuses(parts: Parts) -> None:
    commande = await ready(parts, quota_semaine=0)
    assert all([await take(parts, commande) for _ in range(15)])


async def test_a_place_given_back_is_taken_again_and_never_goes_below_zero(parts: Parts) -> None:
    commande = await ready(parts, quota_semaine=1)
    await give_back(parts, commande)
    await give_back(parts, commande, lb=True)
    doc = await counter(parts, commande)
    assert (doc["used"], doc["lb"]) == (0, 0)
    assert await take(parts, commande)
    assert not await take(parts, commande)
    await give_back(parts, commande)
    assert await take(parts, commande)
    assert (await counter(parts, commande))["taken"] == 2


async def test_lowering_the_quota_below_what_is_held_only_blocks(parts: Parts) -> None:
    commande = await ready(parts, quota_semaine=5)
    for _ in range(4):
        await take(parts, commande)
    await parts.commandes.change(parts.everyone, commande.id, CommandeChange(quota_semaine=2), "ops@zr7.fr")
    doc = await counter(parts, commande)
    assert (doc["used"], doc["cap"]) == (4, 2)
    assert not await take(parts, commande)
    await parts.commandes.change(parts.everyone, commande.id, CommandeChange(quota_semaine=0), "ops@zr7.fr")
    assert await take(parts, commande)


async def test_a_changed_quota_reaches_this_week_and_later_ones_not_past_ones(parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=5)
    weeks = ["2026-W10", WEEK, "2026-W12"]
    await parts.commandes.counters([(commande, week) for week in weeks])
    change = CommandeChange(quota_semaine=20, lb_target_pct=Decimal("0.25"))
    await parts.commandes.change(parts.everyone, commande.id, change, "ops@zr7.fr")
    found = await parts.commandes.counters([(commande, week) for week in weeks])
    caps = [
        (found[counter_id(commande.id, week)].cap, found[counter_id(commande.id, week)].fresh_cap) for week in weeks
    ]
    assert caps == [(5, 5), (20, 15), (20, 15)]


async def test_a_counter_born_during_a_change_has_the_new_quota(parts: Parts) -> None:
    for quota in range(1, 15):
        commande = await add_commande(parts, quota_semaine=100)
        await asyncio.gather(
            parts.commandes.change(parts.everyone, commande.id, CommandeChange(quota_semaine=quota), "ops@zr7.fr"),
            parts.commandes.counters([(commande, WEEK)]),
        )
        assert (await counter(parts, commande))["cap"] == quota


async def test_counters_are_made_once_under_concurrency(parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=3)
    found = await asyncio.gather(*(parts.commandes.counters([(commande, WEEK)]) for _ in range(20)))
    assert all(answer[counter_id(commande.id, WEEK)].cap == 3 for answer in found)
    assert await parts.mongo.collection("quota_counters").count_documents({}) == 1


async def test_a_place_given_back_when_full_asks_routing_to_look_again(parts: Parts) -> None:
    commande = await ready(parts, quota_semaine=2)
    tasks = parts.mongo.collection("outbox")
    await take(parts, commande)
    await tasks.delete_many({})
    await give_back(parts, commande)
    assert await tasks.count_documents({}) == 0
    for _ in range(2):
        await take(parts, commande)
    await give_back(parts, commande)
    task = await tasks.find_one({"kind": "route_waiting"})
    assert task is not None
    assert task["payload"] == {"entity": "ZR7", "produit": "PV", "reason": "place_returned"}


async def test_sent_leads_count_in_the_week_they_left(parts: Parts) -> None:
    commande = await add_commande(parts, quota_semaine=5)

    async def work(tx: Tx) -> None:
        await parts.commandes.note_sent(tx, commande.id, WEEK, units=3, lb_units=1)
        await parts.commandes.note_sent(tx, commande.id, WEEK, units=1, lb_units=0)
        await parts.commandes.note_unsent(tx, commande.id, WEEK, units=1, lb_units=1)

    await parts.mongo.transaction(work)
    doc = await counter(parts, commande)
    assert (doc["sent"], doc["lb_sent"], doc["used"], doc["cap"]) == (3, 0, 0, 5)
