"""The figures of the Cockpit, from counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import get_args

from backend.batches.models import Progress
from backend.cockpit.models import BandState, Claim, Orders, Tile, TileName, Todo, TodoKind, TopClient, Waiting
from backend.commandes.models import PRODUITS, CommandeView
from backend.core import weeks
from backend.core.text import folded
from backend.deliveries.models import Counted

NAMES = 3
FEW = 5
TOP = 8
DAYS = timedelta(days=7)
LATE = timedelta(minutes=2)
ORDER: tuple[TodoKind, ...] = get_args(TodoKind)
Window = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Windows:
    """A week up to now, the week before up to the same Paris hour, and that week whole."""

    week: Window
    before: Window
    whole: Window


def windows(key: str, now: datetime) -> Windows:
    """A past week is taken whole, and so is what it is compared with."""
    start, end = weeks.week_bounds(key)
    whole = weeks.week_bounds(weeks.shift_week(key, -1))
    if not start <= now < end:
        return Windows((start, end), whole, whole)
    local = weeks.paris(now)
    same_hour = weeks.at_paris(local.date() - timedelta(days=7), local.hour, local.minute)
    return Windows((start, now + timedelta(seconds=1)), (whole[0], same_hour), whole)


def last_days(seen: Windows, now: datetime) -> tuple[Window, Window]:
    """The last seven days and the seven before; a past week is taken as it is."""
    if not seen.week[0] <= now < seen.week[1]:
        return seen.week, seen.whole
    return (now - DAYS, now + timedelta(seconds=1)), (now - 2 * DAYS, now - DAYS)


def tile(name: TileName, counts: Sequence[int]) -> Tile:
    """From the counts of `Windows`, in its order; the last one is not always asked for."""
    now, before, *whole = counts
    return Tile(name=name, now=now, before=before, before_whole=whole[0] if whole else None)


def total(counted: Iterable[Counted]) -> int:
    return sum(one.n for one in counted)


def band_state(
    run: str | None, waiting_since: datetime | None, lots: Progress, *, is_open: bool, paused: bool, now: datetime
) -> BandState:
    """`run`: the state of the day's last run, None before it; `waiting_since`: when one that nobody started was due."""
    if paused:
        return "stopped"
    if lots.done < lots.total or (run == "running" and is_open):
        return "sending"
    if not is_open:
        return "closed"
    if waiting_since is not None and now - waiting_since >= LATE:
        return "late"
    ended: dict[str | None, BandState] = {"error": "broken", "skipped": "missed", "success": "done"}
    return ended.get(run, "ready")


def orders(commandes: Iterable[CommandeView]) -> list[Orders]:
    """The week's places by produit, those held and those sent alike; the produits nobody ordered are left out."""
    none = {"taken": 0, "quota": 0, "unlimited": 0, "unlimited_taken": 0}
    told = {produit: Orders(produit=produit, **none) for produit in PRODUITS}
    seen = set()
    for one in commandes:
        line = told[one.produit]
        seen.add(one.produit)
        if one.unlimited:
            line.unlimited += 1
            line.unlimited_taken += one.reserved
        else:
            line.taken += one.reserved
            line.quota += one.quota_semaine
    return [line for produit, line in told.items() if produit in seen]


def low_quota(commandes: Iterable[CommandeView]) -> list[Todo]:
    """One line per entity: the commandes that have `FEW` places or fewer left."""
    named: dict[str, list[str]] = {}
    for one in commandes:
        if one.quota_remaining is not None and one.quota_remaining <= FEW:
            named.setdefault(one.entity, []).append(f"{one.client_name} · {one.produit}")
    return [
        Todo(kind="low_quota", entity=entity, count=len(names), names=sorted(names, key=folded)[:NAMES])
        for entity, names in sorted(named.items())
    ]


def leads_waiting(waiting: Iterable[Waiting]) -> list[Todo]:
    """One line per entity and cause."""
    lines: dict[tuple[str | None, str], Todo] = {}
    for one in waiting:
        blank = Todo(kind="leads_waiting", entity=one.entity, count=0, status=one.status)
        lines.setdefault((one.entity, one.status), blank).count += one.count
    return list(lines.values())


def top_clients(counted: Sequence[Counted], names: Mapping[str, str]) -> list[TopClient]:
    """Those to whom most was sent in the week."""
    lines: dict[str, TopClient] = {}
    for one in counted:
        blank = TopClient(client_id=one.client_id, client_name=names.get(one.client_id, ""), entity=one.entity,
                          sent=0, rejected=0, billable=0)  # fmt: skip
        line = lines.setdefault(one.client_id, blank)
        line.sent += one.n
        line.rejected += one.n if one.outcome == "rejected" else 0
        line.billable += one.n if one.outcome == "accepted" else 0
    return sorted(lines.values(), key=lambda line: (-line.sent, folded(line.client_name), line.client_id))[:TOP]


def ordered(todo: Iterable[Todo]) -> list[Todo]:
    """What cannot wait first."""
    return sorted(todo, key=lambda one: (ORDER.index(one.kind), one.entity or "", -one.count))


def claimed(todo: Iterable[Todo], claims: Mapping[str, Claim]) -> list[Todo]:
    """Each line with its key, and who takes care of it."""
    keyed = [one.model_copy(update={"key": key_of(one)}) for one in todo]
    return [one.model_copy(update={"claim": claims.get(one.key)}) for one in keyed]


def key_of(one: Todo) -> str:
    """What stays the same while the line does: never its count."""
    return f"{one.kind}:{one.entity or ''}:{'-'.join(filter(None, (one.status, one.client_id, one.target)))}"
