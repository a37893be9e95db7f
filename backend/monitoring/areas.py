"""Which départements find a buyer for a produit in a week (http-api 459). Pure.

A commande's quota is shared by its départements: what is left is never summed over départements.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from backend.commandes.departements import NAMES, covered
from backend.commandes.models import CommandeView
from backend.commandes.rules import open_for
from backend.core.text import folded
from backend.deliveries.models import Counted
from backend.monitoring.coverage import billable
from backend.monitoring.models import AreaLine, AreaOrder, AreaStatus

_NAMED = 3
Received = Mapping[str, int]
"""departement -> leads received for the produit in the week."""


def lines(
    commandes: Sequence[CommandeView], sent: Sequence[Counted], now: Received, before: Received
) -> list[AreaLine]:
    """One line per département, those that nobody ordered too."""
    covering: dict[str, list[CommandeView]] = {area: [] for area in NAMES}
    for commande in commandes:
        for area in covered(commande.departements):
            covering[area].append(commande)
    told: dict[str, list[Counted]] = {}
    for one in sent:
        told.setdefault(one.departement, []).append(one)
    return [
        _line(area, covering[area], told.get(area, []), now.get(area, 0), before.get(area, 0)) for area in NAMES
    ]  # fmt: skip


def _line(area: str, covering: Sequence[CommandeView], sent: Sequence[Counted], now: int, before: int) -> AreaLine:
    serving = [one for one in covering if open_for(one, one.week)]
    names = sorted({one.client_name for one in serving}, key=folded)
    return AreaLine(
        departement=area,
        name=NAMES[area],
        received=now,
        received_before=before,
        billable=billable(sent),
        non_billable=sum(one.n for one in sent) - billable(sent),
        remaining=left(serving),
        unlimited=any(one.unlimited for one in serving),
        status=status(covering),
        clients=len(names),
        client_names=names[:_NAMED],
    )


def left(serving: Iterable[CommandeView]) -> int | None:
    """Places that a lead of the département may still take, None when one of the commandes has no end."""
    places = [one.quota_remaining for one in serving]
    return None if None in places else sum(one for one in places if one is not None)


def status(covering: Sequence[CommandeView]) -> AreaStatus:
    serving = [one for one in covering if open_for(one, one.week)]
    if not serving:
        return "inactive_blocked" if covering else "no_order"
    return "saturated" if left(serving) == 0 else "on_remaining"


def orders(commandes: Iterable[CommandeView], area: str) -> list[AreaOrder]:
    """The commandes that cover it, those that serve first, then by client."""
    here = [one for one in commandes if area in covered(one.departements)]
    here.sort(key=lambda one: (not open_for(one, one.week), one.priorite, folded(one.client_name)))
    return [
        AreaOrder(
            commande_id=one.id,
            client_id=one.client_id,
            client_name=one.client_name,
            entity=one.entity,
            active=open_for(one, one.week),
            reserved=one.reserved,
            quota=one.quota_semaine,
            remaining=one.quota_remaining,
        )
        for one in here
    ]
