"""Decisions about commandes: values in, values out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Literal

from backend.commandes.departements import covered
from backend.commandes.models import Commande, Counter
from backend.commandes.quota import cap, fresh_cap

LbStatus = Literal["on_target", "over", "under"]
_PERMISSIONS = {"lb_target_pct": "commandes.edit_lb_target", "active": "commandes.activate_pause",
                "paused_until": "commandes.activate_pause"}  # fmt: skip
_TOLERANCE = Decimal("0.05")


def permissions_for(fields: Iterable[str]) -> list[str]:
    """The permissions that writing these fields takes; writing none of them still takes the ordinary one."""
    return sorted({_PERMISSIONS.get(field, "commandes.edit_quota") for field in fields}) or ["commandes.edit_quota"]


def open_for(commande: Commande, week: str) -> bool:
    """True when the commande receives leads of `week`: active, and still in its week when it doesn't renew."""
    return commande.active and (commande.auto_renew or commande.opened_week >= week)


def over(week: str) -> Callable[[Commande], bool]:
    """Whether a commande still active does not renew and has had its week, in `week`."""
    return lambda one: one.active and not open_for(one, week)


def paused_as(seen: Commande) -> Callable[[Commande], bool]:
    """Whether a commande is still paused until the day that `seen` told."""
    return lambda one: not one.active and one.paused_until == seen.paused_until


def changes(before: Commande, given: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `given` that differ from what is stored."""
    return {field: value for field, value in given.items() if getattr(before, field) != value}


def unblocks(before: Commande | None, after: Commande) -> str | None:
    """Why leads that wait may now find a place (rule 4), None when nothing opened."""
    if not after.active:
        return None
    if before is None or not before.active:
        return "commande_opened"
    if _more(cap(before.quota_semaine), cap(after.quota_semaine)):
        return "commande_raised"
    if covered(after.departements) - covered(before.departements):
        return "commande_widened"
    if before.lb_target_pct != after.lb_target_pct:
        return "lb_target_changed"
    if before.priorite != after.priorite or before.auto_renew != after.auto_renew:
        return "commande_changed"
    return None


def _more(before: int | None, after: int | None) -> bool:
    return before is not None and (after is None or after > before)


def new_counter(commande: Commande, week: str) -> Counter:
    """The counter of a week that nobody took from yet."""
    return Counter(
        commande_id=commande.id,
        entity=commande.entity,
        week=week,
        cap=cap(commande.quota_semaine),
        cap_max=cap(commande.quota_semaine),
        fresh_cap=fresh_cap(commande.quota_semaine, commande.lb_target_pct),
    )


def lb_status(
    units: int, lb_units: int, target: Decimal
) -> tuple[Decimal, Decimal, Literal["on_target", "over", "under"]]:
    """The share of LB really sent, its distance to the target (both to four places), and whether that is acceptable."""
    actual = (Decimal(lb_units) / units if units else Decimal(0)).quantize(Decimal("0.0001"))
    delta = actual - target
    if abs(delta) < _TOLERANCE:
        return actual, delta, "on_target"
    return actual, delta, "over" if delta > 0 else "under"
