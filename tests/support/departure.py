"""The day's end in tests: what waits leaves for the buyers through a real SMTP server."""

from __future__ import annotations

from backend.batches.models import Tally
from backend.core.mongo import Doc
from tests.support.outbox import eventually, relaying
from tests.support.trade import Trade


async def hand_over(trade: Trade, entity: str = "ZR7", *, by_hand: bool = False) -> Tally:
    """Batch and hand over what waits for `entity`."""
    tally = Tally()
    await trade.parts.batches.build(entity, tally)
    await trade.parts.batches.hand_over_waiting(entity, tally, by_hand=by_hand)
    return tally


async def settle(trade: Trade) -> None:
    """Let the relay work until no row waits on an open channel."""
    async with relaying(trade.parts.outbox):
        await eventually(lambda: _idle(trade))


async def _idle(trade: Trade) -> bool:
    paused = [row["_id"] async for row in trade.parts.mongo.collection("outbox_channels").find({"state": "paused"})]
    busy = {"state": {"$in": ["pending", "leased"]}, "channel": {"$nin": paused}}
    return not await trade.parts.mongo.collection("outbox").count_documents(busy)


async def leave(trade: Trade, *entities: str) -> None:
    """Everything that waits is sent."""
    for entity in entities or ("ZR7", "MDL"):
        await hand_over(trade, entity)
    await settle(trade)


async def delivered(trade: Trade, **given: object) -> Doc:
    """A lead submitted and sent; answers its delivery as it is stored."""
    lead = await trade.lead(**given)
    await leave(trade)
    return await trade.row("deliveries", lead_id=lead["id"], status="sent")
