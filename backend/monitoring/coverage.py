"""What a client's commandes cover, and how far the week has filled them (http-api 4.10). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from backend.commandes.departements import EVERYWHERE, covered
from backend.commandes.models import Commande
from backend.deliveries.models import Counted
from backend.monitoring.models import CoverageLine, CoverageTotals, OrderRef

UNLIMITED = -1
Received = Mapping[tuple[str, str], int]
"""(departement, produit) -> leads received in the week."""


def billable(rows: Iterable[Counted]) -> int:
    return sum(one.n for one in rows if one.outcome == "accepted")


def remaining(commande: Commande, rows: Iterable[Counted]) -> int:
    """Units still to bill in the week, `UNLIMITED` for a quota of 0."""
    if commande.quota_semaine == 0:
        return UNLIMITED
    return max(0, commande.quota_semaine - billable(rows))


def lines(commandes: Sequence[Commande], sent: Sequence[Counted]) -> list[CoverageLine]:
    """One line per département of each commande; one that takes all of France shows where it was served, else `*`."""
    told = []
    for commande in commandes:
        own = [one for one in sent if one.commande_id == commande.id]
        told += [_line(commande, area, own) for area in _areas(commande, own)]
    return sorted(told, key=lambda one: (one.departement, one.produit))


def _areas(commande: Commande, own: Iterable[Counted]) -> list[str]:
    if EVERYWHERE in commande.departements:
        return sorted({one.departement for one in own}) or [EVERYWHERE]
    return sorted(covered(commande.departements))


def _line(commande: Commande, area: str, own: Sequence[Counted]) -> CoverageLine:
    here = [one for one in own if one.departement == area]
    left = remaining(commande, own)
    return CoverageLine(
        departement=area,
        produit=commande.produit,
        quota_week=commande.quota_semaine,
        billable_week=billable(here),
        remaining_week=left,
        non_billable=sum(one.n for one in here) - billable(here),
        status="saturated" if left == 0 else "on_remaining",
        commandes=[OrderRef(commande_id=commande.id, produit=commande.produit, quota=commande.quota_semaine)],
    )


def totals(commandes: Sequence[Commande], sent: Sequence[Counted], received: Received) -> CoverageTotals:
    """Each commande counted once, whatever number of départements it covers."""
    left = [remaining(one, [row for row in sent if row.commande_id == one.id]) for one in commandes]
    return CoverageTotals(
        produced_week=sum(n for (area, produit), n in received.items() if _wanted(commandes, area, produit)),
        billable_week=billable(sent),
        quota_week=sum(one.quota_semaine for one in commandes),
        remaining_week=UNLIMITED if UNLIMITED in left else sum(left),
    )


def _wanted(commandes: Iterable[Commande], area: str, produit: str) -> bool:
    return any(one.produit == produit and area in covered(one.departements) for one in commandes)
