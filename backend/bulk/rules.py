"""Which rows an action concerns: values in, the code of what sets a row aside out, empty when nothing does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date

from backend.bulk.models import EntityCount, IgnoredCount
from backend.deliveries.models import Delivery

SENTENCES = {
    "not_found": "Introuvable dans votre périmètre.",
    "already_sent": "Déjà envoyée.",
    "under_way": "Envoi en cours ou incertain.",
    "cancelled": "Annulée.",
    "not_sent": "Pas encore envoyée.",
    "already_rejected": "Déjà rejetée.",
    "already_removed": "Déjà retirée.",
    "window_closed": "Période de retour close.",
    "already_active": "Déjà en activité.",
    "already_paused": "Déjà en pause.",
    "already_closed": "Semaine déjà close.",
}
_LEAVES = ("pending_csv", "ready_to_send", "failed")
_MOVING = ("sending", "uncertain")


def to_send(one: Delivery) -> str:
    if one.status in _LEAVES:
        return ""
    return {"sent": "already_sent", "cancelled": "cancelled"}.get(one.status, "under_way")


def to_copy(one: Delivery) -> str:
    return "" if one.status == "sent" else "not_sent"


def to_remove(one: Delivery) -> str:
    if one.status != "sent":
        return "not_sent"
    return {"rejected": "already_rejected", "removed": "already_removed"}.get(one.outcome or "", "")


def to_reject(one: Delivery, last_day: date | None, today: date) -> str:
    """`last_day`: of its return window; None when it was not sent."""
    code = to_remove(one)
    return code or ("window_closed" if last_day is not None and today > last_day else "")


def to_switch(active: bool, wanted: bool) -> str:
    if active != wanted:
        return ""
    return "already_active" if wanted else "already_paused"


def unit_to_send(one: Delivery) -> str:
    """What leaves together: a refused batch whole; else those of a client and commande, in one new message."""
    if one.status == "failed" and one.batch_id:
        return f"batch:{one.batch_id}"
    return f"{one.client_id}:{one.commande_id}:{one.status == 'failed'}:{one.proof}"


def unit_to_copy(one: Delivery) -> str:
    """One copy of a file, however many of its rows were chosen."""
    return f"batch:{one.batch_id}"


def own_unit(one: Delivery) -> str:
    return one.id


Judge = Callable[[Delivery], str]


def counted(rows: Iterable[tuple[str, str]]) -> list[EntityCount]:
    """(entity, code) of each row, summed by entity."""
    found: dict[str, Counter[str]] = {}
    for entity, code in rows:
        found.setdefault(entity, Counter())[code] += 1
    return [_counted(entity, codes) for entity, codes in sorted(found.items())]


def _counted(entity: str, codes: Counter[str]) -> EntityCount:
    ignored = [IgnoredCount(code=code, detail=SENTENCES[code], count=n) for code, n in sorted(codes.items()) if code]
    return EntityCount(entity=entity, total=codes.total(), doing=codes[""], ignored=ignored)
