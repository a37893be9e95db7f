"""What becomes of a row after an attempt: values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from backend.channels.contract import Done, Down, Failed, Outcome, Pause, Retry, Snooze, Uncertain
from backend.outbox.models import Row, State
from backend.outbox.retry import Schedule

TEXT_MAX = 500
AGAIN = timedelta(seconds=10)
QUARANTINE = timedelta(minutes=15)
"""How long after its lease a paused worker could still emit its message: no resend before."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The row's next state and what the attempt says. `after`: delay before it is due again, when `pending`."""

    state: State
    outcome: str
    text: str
    code: str = ""
    counted: bool = True
    after: timedelta = timedelta()


def verdict(
    row: Row, outcome: Outcome, schedule: Schedule, business_now: datetime, rng: Random, again: timedelta = AGAIN
) -> Verdict:
    """Decide what `outcome` makes of `row`. `again`: when one is due that met a server out of reach."""
    match outcome:
        case Done(answer):
            return Verdict("sent", "sent", answer[:TEXT_MAX])
        case Uncertain(reason):
            return Verdict("uncertain", "uncertain", reason[:TEXT_MAX])
        case Failed(reason, code):
            return Verdict("failed", "failed", reason[:TEXT_MAX], code)
        case Pause(reason, code):
            return Verdict("pending", "paused", reason[:TEXT_MAX], code, counted=False)
        case Snooze(delay, reason):
            return Verdict("pending", "snoozed", reason[:TEXT_MAX], counted=False, after=delay)
        case Down(reason, code):
            return _down(row, reason[:TEXT_MAX], code, schedule, business_now, again)
        case Retry():
            return _again(row, outcome, schedule, business_now, rng)


def _down(row: Row, text: str, code: str, schedule: Schedule, business_now: datetime, again: timedelta) -> Verdict:
    """The first such attempt counts, the others spend nothing; only the deadline ends them."""
    if schedule.over(business_now + again, row.deadline_at):
        return Verdict("dead", "dead", f"Délai dépassé. Serveur hors d'atteinte : {text}"[:TEXT_MAX], code)
    return Verdict("pending", "down", text, code, counted=row.tries == 0, after=again)


def _again(row: Row, refusal: Retry, schedule: Schedule, business_now: datetime, rng: Random) -> Verdict:
    text = refusal.reason[:TEXT_MAX]
    after = refusal.delay if refusal.delay is not None else schedule.wait(row.tries + 1, rng)
    if schedule.over(business_now + after, row.deadline_at):
        return Verdict("dead", "dead", f"Délai dépassé. Dernière réponse : {text}"[:TEXT_MAX], refusal.code)
    if schedule.spent(row.tries + 1):
        told = f"Abandon après {row.tries + 1} tentatives. Dernière réponse : {text}"
        return Verdict("dead", "dead", told[:TEXT_MAX], refusal.code)
    return Verdict("pending", "retry", text, refusal.code, after=after)


def marked_sent(row: Row, at: datetime, answer: str) -> dict[str, Any]:
    """The change of a row that left in a past the base has forgotten, accepted at `at` (business time)."""
    return {
        "state": "sent",
        "phase": "done",
        "answer": answer[:TEXT_MAX],
        "sent_at": at,
        "first_attempt_at": row.first_attempt_at or at,
        "last_error": "",
    }


def resend_from(row: Row) -> datetime | None:
    """Real time from which an uncertain row may be sent again by a person."""
    if row.state != "uncertain" or row.lease_until is None:
        return None
    return row.lease_until + QUARANTINE
