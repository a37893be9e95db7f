"""Every night the promises are checked; a broken one is an error that the health shows."""

from __future__ import annotations

from tests.support.trade import Trade


async def test_a_promise_that_does_not_hold_is_the_slots_error(trade: Trade) -> None:
    await trade.buyer()
    lead = await trade.lead()
    slot = await trade.parts.jobs.run_and_wait("invariants", "test")
    assert (slot.state, set((slot.result or {}).values())) == ("success", {0})
    await trade.parts.mongo.collection("leads").update_one({"id": lead["id"]}, {"$set": {"status": "new"}})
    slot = await trade.parts.jobs.run_and_wait("invariants", "test")
    assert (slot.state, "lost 1" in slot.error) == ("error", True)
    health = await trade.parts.jobs.health(trade.parts.everyone)
    assert "cron.failed" in health["alarms"]
