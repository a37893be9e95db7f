"""The promises of money, as decisions on rows that the service streams (issue of the money, rules 16 to 19). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from backend.deliveries.models import Delivery
from backend.intercompany.models import Transfer
from backend.invoices.models import Invoice
from backend.ledger.models import Entry, Week
from backend.monitoring.models import Check


@dataclass
class Books:
    """What the ledger says, gathered line by line."""

    bound: Mapping[str, str]
    """Ledger line -> the invoice or avoir that carries it."""
    carried: dict[str, Decimal] = field(default_factory=dict)
    units: dict[str, list[str]] = field(default_factory=dict)
    undone: set[str] = field(default_factory=set)
    open_units: dict[str, Entry] = field(default_factory=dict)
    _extras: list[Entry] = field(default_factory=list)
    _holder: dict[tuple[str, bool], str] = field(default_factory=dict)

    def see(self, one: Entry) -> None:
        if one.reverses:
            self.undone.add(one.reverses)
        if one.kind == "unit":
            self.units.setdefault(one.delivery_id, []).append(one.id)
        if one.kind in {"free", "unfree"}:
            self._extras.append(one)
            return
        holder = self.bound.get(one.id)
        if holder is not None:
            self._carry(holder, one.net)
            self._holder[one.delivery_id, one.kind == "unit"] = holder
        elif one.kind == "unit" and one.billable and one.priced:
            self.open_units[one.id] = one

    def _carry(self, invoice_id: str, amount: Decimal) -> None:
        self.carried[invoice_id] = self.carried.get(invoice_id, Decimal()) + amount

    def close(self) -> None:
        """A gift goes with its unit; a gift taken back with its reversal, or waits with it."""
        for one in self._extras:
            holder = self._holder.get((one.delivery_id, one.kind == "free"))
            if holder is not None:
                self._carry(holder, one.net)

    def standing(self, delivery_id: str) -> int:
        return sum(one not in self.undone for one in self.units.get(delivery_id, []))


def ledger_matches(books: Books, invoices: Iterable[Invoice], weeks: Mapping[tuple[str, str], Week]) -> Check:
    """Sum of the ledger = sum of what is issued + what is open: each document carries exactly its lines."""
    check = Check(name="ledger", meaning="journal des ventes différent des factures")
    for one in invoices:
        if one.draft or not one.client_id or one.type not in {"invoice", "credit_note"}:
            continue
        sign = -1 if one.type == "credit_note" else 1
        held = books.carried.get(one.id)
        if held is not None and held * sign != one.amount_ht:
            check.add(f"{one.invoice_number}: journal {held * sign}, facture {one.amount_ht}")
        if held is None and one.origin_key.startswith("week:"):
            check.add(f"{one.invoice_number}: sans ligne au journal")
    for entry in books.open_units.values():
        week = weeks.get((entry.client_id, entry.week_key))
        if week is not None and week.state == "invoiced" and entry.id not in books.undone:
            check.add(f"{entry.id}: semaine {entry.week_key} facturée sans cette unité")
    return check


def units_follow(books: Books, deliveries: Iterable[Delivery]) -> Check:
    """A unit stands while its delivery is sent and accepted, and no longer."""
    check = Check(name="billed_units", meaning="unité vendue sans ligne, ou facturée sans vente")
    for one in deliveries:
        stands = books.standing(one.id)
        credited = one.id in books.units and not stands
        accepted = one.status == "sent" and one.outcome == "accepted"
        if stands > 1 or (stands and not accepted) or (accepted and not stands and not credited):
            check.add(f"livraison {one.id} {one.status} {one.outcome or ''}, {stands} unité(s)")
    return check


def contiguous(invoices: Iterable[Invoice], series: Mapping[str, int]) -> Check:
    """Numbers 1 to n in each series, none missing, none twice."""
    check = Check(name="numbers", meaning="numéro de facture manquant ou en double")
    found: dict[str, list[int]] = {}
    for one in invoices:
        if one.invoice_number:
            name, _, rank = one.invoice_number.rpartition("-")
            found.setdefault(name, []).append(int(rank))
    for name in sorted(found.keys() | series.keys()):
        ranks = sorted(found.get(name, []))
        if ranks != list(range(1, series.get(name, 0) + 1)):
            check.add(f"{name}: {len(ranks)} numéros, le dernier pris est {series.get(name, 0)}")
    return check


def transfers_match(
    transfers: Iterable[Transfer], deliveries: Mapping[str, tuple[str, str, str]], invoices: Mapping[str, Invoice]
) -> Check:
    """Each lead sold for the sister company has its transfer; each document between them carries exactly its own.

    `deliveries`: id -> (status, outcome, crossing `from>to`) of those that crossed.
    """
    check = Check(name="intercompany", meaning="transfert entre entités absent, en trop ou mal facturé")
    sums: dict[str, Decimal] = {}
    seen: set[str] = set()
    for one in transfers:
        seen.add(one.delivery_id)
        status, outcome, crossing = deliveries.get(one.delivery_id, ("", "", ""))
        if crossing != f"{one.from_entity}>{one.to_entity}" or status != "sent":
            check.add(f"transfert {one.id} sans livraison envoyée")
        elif outcome in {"rejected", "removed"} and one.transfer_status != "cancelled":
            check.add(f"transfert {one.id} {one.transfer_status}, livraison {outcome}")
        for holder in (one.invoice_id, one.credit_invoice_id):
            if holder:
                sums[holder] = sums.get(holder, Decimal()) + (one.unit_price_ht or Decimal())
    for delivery_id, (status, _, crossing) in deliveries.items():
        if status == "sent" and delivery_id not in seen:
            check.add(f"livraison {delivery_id} {crossing} sans transfert")
    for holder, amount in sums.items():
        document = invoices.get(holder)
        if document is None or document.amount_ht != amount:
            check.add(f"{document.invoice_number if document else holder}: transferts {amount}")
    return check


def paid_match(invoices: Iterable[Invoice], paid: Mapping[str, Decimal]) -> Check:
    """What an invoice says it received is the sum of its payments; no avoir beyond its invoice."""
    check = Check(name="payments", meaning="règlements différents de ce que dit la facture")
    for one in invoices:
        if one.paid_amount != paid.get(one.id, Decimal()):
            check.add(f"{one.invoice_number}: {one.paid_amount}, règlements {paid.get(one.id, Decimal())}")
        if one.credited_ht > one.amount_ht:
            check.add(f"{one.invoice_number}: avoirs {one.credited_ht} sur {one.amount_ht}")
    return check
