"""What the mail server wrote down, compared with what the base believes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from backend.commandes.departements import ALL
from tests.support.departure import hand_over
from tests.support.fault_smtp import taken
from tests.support.outbox import eventually
from tests.support.trade import Trade

OPEN = ("pending", "leased")


@dataclass(frozen=True)
class Judgement:
    """Criterion Z: `twice`, `lost` and `astray` are 0."""

    mails: int
    sent: int
    uncertain: int
    twice: int
    lost: int
    """Marked sent and never taken, or in no state that ends or that a person sees."""
    astray: int
    """Taken, and about to be sent again."""

    @property
    def faults(self) -> tuple[int, int, int]:
        return self.twice, self.lost, self.astray


async def mails_in_line(trade: Trade, number: int) -> None:
    """That many e-mails in the outbox: a batch of one lead each two, each ten when they are many.

    Buyers are spread over the départements: a lead considers those of its own only.
    """
    each = 2 if number <= 200 else 10
    for n in range(number // each):
        emails = [f"acheteur{n}.{one}@solaire-midi.fr" for one in range(each)]
        client = await trade.client(f"Acheteur {n}", delivery_emails=emails)
        where = ALL[n % len(ALL)]
        await trade.commande(client, quota_semaine=1, departements=[where])
        await trade.lead(departement=where)
    await hand_over(trade)
    assert len(await trade.rows("outbox", kind="email", state="pending")) == number


async def settled(trade: Trade, at_most: float = 90) -> None:
    """Wait until every row ended, or waits for a person."""

    async def over() -> bool:
        return not await trade.parts.mongo.collection("outbox").count_documents({"state": {"$in": OPEN}})

    try:
        await eventually(over, at_most)
    except AssertionError as exc:
        shown = ("_id", "state", "phase", "n", "next_at", "lease_until", "owner", "last_error")
        waiting = [{key: row[key] for key in shown} for row in await trade.rows("outbox", state={"$in": OPEN})]
        waiting = waiting[:20] + [{"more": len(waiting) - 20}] * (len(waiting) > 20)
        raise AssertionError(waiting) from exc


async def judge(trade: Trade, log: Path) -> Judgement:
    """Compare, and hold the invariants of the house."""
    known = taken(log)
    rows = await trade.rows("outbox", kind="email")
    ids = {row["message_id"]: row["state"] for row in rows}
    assert set(known) <= set(ids), "the server took what nobody put in line"
    lost = [one for one, state in ids.items() if (state == "sent" and one not in known) or state in OPEN]
    broken = [check for check in await trade.parts.monitoring.invariants() if check.count]
    assert not broken, broken
    return Judgement(
        mails=len(ids),
        sent=sum(state == "sent" for state in ids.values()),
        uncertain=sum(state == "uncertain" for state in ids.values()),
        twice=sum(count - 1 for count in known.values()),
        lost=len(lost),
        astray=sum(ids[one] not in {"sent", "uncertain"} for one in known),
    )
