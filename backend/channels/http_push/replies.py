"""What each answer of a buyer's interface makes of a row (reliability.md 2.6)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from backend.channels.contract import Done, Failed, Outcome, Pause, Retry, Snooze, Uncertain
from backend.channels.http_push.models import AnswerRule, Destination
from backend.core.http import Answer

LONGEST = timedelta(hours=1)
REFUSED = "refused"
"""Code of a lead refused by the client's own rule: its interface works."""
Standing = Literal["works", "fails", "gone"]
_SHOWN = 300


def outcome(to: Destination, answer: Answer, now: datetime) -> Outcome:
    """The buyer's own rules first, then what the status says. `now` dates a `Retry-After`."""
    said = _said(answer)
    rules = to.rules
    if rules.duplicate.given and _matches(rules.duplicate, answer):
        return Done(f"Déjà reçu : {said}")
    if rules.refused.given and _matches(rules.refused, answer):
        return Failed(f"Refusé par le client : {said}", REFUSED)
    if _matches(rules.accepted, answer):
        return Done(said)
    if 200 <= answer.status < 300:
        return unanswered(to, f"Réponse non reconnue : {said}")
    return _by_status(to, answer, said, now)


def standing(said: Outcome) -> Standing | None:
    """What an outcome says of the interface itself; None when it was not called.

    It works when it took a lead, or refused it by the client's own rule. `410`: it asks not to be called any more.
    """
    match said:
        case Done() | Failed(code="refused"):
            return "works"
        case Failed(code="410"):
            return "gone"
        case Snooze() | Failed(code="no_endpoint"):
            return None
        case _:
            return "fails"


def unanswered(to: Destination, reason: str) -> Outcome:
    """The call left and nobody knows what became of it: repeated only when the other side counts it once."""
    return Retry(reason, "no_answer") if to.idempotent else Uncertain(reason)


def _by_status(to: Destination, answer: Answer, said: str, now: datetime) -> Outcome:
    code = str(answer.status)
    if answer.status in {429, 503}:
        return Retry(said, code, retry_after(answer.headers.get("retry-after", ""), now))
    if answer.status == 401:
        return Pause(f"Identification refusée par le client : {said}", code)
    if answer.status >= 500:
        return unanswered(to, said)
    if 300 <= answer.status < 400:
        return Failed(f"Redirection refusée : {said}", code)
    return Failed(said, code)


def _matches(rule: AnswerRule, answer: Answer) -> bool:
    known = answer.status in rule.statuses if rule.statuses else 200 <= answer.status < 300
    body = answer.body.casefold()
    return known and (not rule.markers or any(marker.casefold() in body for marker in rule.markers))


def retry_after(given: str, now: datetime) -> timedelta | None:
    """The delay asked for, in seconds or as a date, one hour at most; None when it says nothing usable."""
    text = given.strip()
    if text.isascii() and text.isdigit() and len(text) < 10:
        return min(timedelta(seconds=int(text)), LONGEST)
    try:
        at = parsedate_to_datetime(text)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta()), LONGEST)


def _said(answer: Answer) -> str:
    text = " ".join("".join(char if char.isprintable() else " " for char in answer.body).split())
    return f"{answer.status} {text[:_SHOWN]}".strip()
