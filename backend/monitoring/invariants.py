"""The promises of the trade, as decisions on rows that the service streams (reliability.md 2.1). Pure."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise

from backend.commandes.models import Counter
from backend.deliveries.models import Delivery
from backend.monitoring.models import Check
from backend.prepaid.models import Balance, Kind
from backend.prepaid.rules import balance_id, change, recomputed

WINDOW = timedelta(days=30)
_ON_ITS_WAY = ("pending_csv", "ready_to_send", "sending", "failed", "uncertain")


class Trade:
    """Accumulates what the deliveries say, one by one."""

    def __init__(self) -> None:
        self.sold_twice = Check(name="sold_twice", meaning="vendu deux fois au même client en moins de 30 jours")
        self.places: Tally[tuple[str, str]] = Tally()
        self.open_claims: dict[str, str] = {}
        self.current: dict[str, tuple[str, str]] = {}
        self.reserved: Tally[str] = Tally()
        self.spent: Tally[str] = Tally()
        self._sold: dict[str, list[tuple[datetime, datetime | None, str]]] = {}

    def see(self, one: Delivery) -> None:
        if one.holds_place:
            self.places[one.commande_id, one.week] += 1
        if one.current:
            self.current[one.lead_id] = (one.id, one.status)
        if one.status in _ON_ITS_WAY:
            self.open_claims[one.claim_id] = one.id
        if one.prepaid:
            key = balance_id(one.client_id, one.produit)
            self.reserved[key] += one.status in _ON_ITS_WAY
            self.spent[key] += one.status == "sent" and one.outcome == "accepted"
        if one.status != "cancelled":
            self._sold.setdefault(one.claim_id, []).append((one.created_at, one.last_sent_at, one.id))

    def sold_twice_check(self) -> Check:
        """Two deliveries of one phone and produit to one client, closer than the window after the first was sent."""
        for key, rows in self._sold.items():
            rows.sort(key=lambda row: row[0])
            for (_, sent, first), (made, _, second) in pairwise(rows):
                if sent is None or made < sent + WINDOW:
                    self.sold_twice.add(f"{key.split('|')[0]}: {first}, {second}")
        return self.sold_twice


def quota(counters: Iterable[Counter], places: Mapping[tuple[str, str], int]) -> tuple[Check, Check]:
    """(above the largest quota the week ever had, counter different from the places really held)."""
    above = Check(name="above_quota", meaning="places tenues au-delà du quota")
    drift = Check(name="counter_drift", meaning="compteur différent des places tenues")
    seen = set()
    for one in counters:
        held = places.get((one.commande_id, one.week), 0)
        seen.add((one.commande_id, one.week))
        if one.cap_max is not None and held > one.cap_max:
            above.add(f"{one.commande_id}:{one.week} {held}/{one.cap_max}")
        if one.used != held:
            drift.add(f"{one.commande_id}:{one.week} used={one.used} held={held}")
    for key in places.keys() - seen:
        drift.add(f"{key[0]}:{key[1]} sans compteur")
    return above, drift


def lost(
    expected: Mapping[str, str], current: Mapping[str, tuple[str, str]], leads: Iterable[tuple[str, str, str | None]]
) -> Check:
    """Leads `(id, status, delivery_id)` whose state and delivery do not tell the same story."""
    check = Check(name="lost", meaning="lead ou livraison dont plus rien ne répond")
    known = set()
    for lead_id, status, delivery_id in leads:
        known.add(lead_id)
        has = current.get(lead_id)
        if status not in expected:
            if has is not None:
                check.add(f"lead {lead_id} {status}, livraison {has[0]} {has[1]}")
        elif has is None or has[0] != delivery_id or (has[1] == "sent") != (status == "livre"):
            check.add(f"lead {lead_id} {status}, livraison {has}")
    for lead_id in current.keys() - known:
        check.add(f"livraison {current[lead_id][0]} sans lead")
    return check


def claims(open_claims: Mapping[str, str], kept: Iterable[tuple[str, str]]) -> Check:
    """Every delivery that has not left holds its claim."""
    check = Check(name="claims", meaning="livraison en cours sans exclusivité")
    held = dict(kept)
    for key, delivery_id in open_claims.items():
        if held.get(key) != delivery_id:
            check.add(f"{delivery_id}: {key.split('|')[0]}")
    return check


def prepaid(
    balances: Iterable[Balance],
    journal: Iterable[tuple[str, Kind, int]],
    reserved: Mapping[str, int],
    spent: Mapping[str, int],
) -> Check:
    """Every balance is what its journal and the deliveries say, and never below 0."""
    check = Check(name="prepaid", meaning="solde prépayé différent de son journal ou des livraisons")
    moves: dict[str, list[tuple[Kind, int]]] = {}
    for key, kind, units in journal:
        moves.setdefault(key, []).append((kind, units))
    seen = set()
    for one in balances:
        key = balance_id(one.client_id, one.product_code)
        seen.add(key)
        has = one.model_dump(include=set(change("purchase", 0)))
        told = recomputed(moves.get(key, []))
        held = (reserved.get(key, 0), spent.get(key, 0))
        if has != told or held != (one.units_reserved, one.units_delivered_total) or min(has.values()) < 0:
            check.add(f"{key}: solde {has}, journal {told}, livraisons {held}")
    for key in ({key for key, units in {**reserved, **spent}.items() if units} | moves.keys()) - seen:
        check.add(f"{key}: unités sans solde")
    return check
