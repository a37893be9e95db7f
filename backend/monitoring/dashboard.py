"""The widgets of the dashboard, from counts. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from backend.commandes.models import CommandeView
from backend.deliveries.models import Counted

TOP = 10
FEW = 5


def delivery_stats(counted: Iterable[Counted]) -> dict[str, int]:
    """State -> count, only those there are; then what became of what was sent."""
    told: dict[str, int] = {}
    became = dict.fromkeys(("rejected", "removed", "billable"), 0)
    for one in counted:
        told[one.status] = told.get(one.status, 0) + one.n
        if one.outcome is not None:
            became["billable" if one.outcome == "accepted" else one.outcome] += one.n
    return {**told, **became}


def top_clients(counted: Sequence[Counted]) -> list[dict[str, Any]]:
    """The clients to whom most was sent, with what else happened to them."""
    lines: dict[str, dict[str, Any]] = {}
    for one in counted:
        zero = dict.fromkeys(("sent", "rejected_7d", "billable_7d", "failed_7d", "ready_7d"), 0)
        line = lines.setdefault(one.client_id, {"client_id": one.client_id, "entity": one.entity, **zero})
        for name in _tallies(one):
            line[name] += one.n
    ranked = sorted(lines.values(), key=lambda line: (-line["sent"], line["client_id"]))
    return [line for line in ranked if line["sent"]][:TOP]


def _tallies(one: Counted) -> list[str]:
    if one.status != "sent":
        return ["failed_7d"] if one.status == "failed" else ["ready_7d"]
    became = {"accepted": ["billable_7d"], "rejected": ["rejected_7d"]}
    return ["sent", *became.get(one.outcome or "", [])]


def low_quota(commandes: Iterable[CommandeView]) -> list[dict[str, Any]]:
    """Those with a quota of which `FEW` places or fewer are left; the unlimited ones never."""
    return [
        {
            "commande_id": one.id,
            "client_name": one.client_name,
            "entity": one.entity,
            "produit": one.produit,
            "quota": one.quota_semaine,
            "delivered": one.leads_delivered_this_week,
            "remaining": one.quota_remaining,
        }
        for one in commandes
        if one.quota_remaining is not None and one.quota_remaining <= FEW
    ]
