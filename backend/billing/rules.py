"""From ledger lines to the rows of the billing screens. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from backend.billing.models import Activity, BillingRow, MonthRow, RowStatus, WeekTotals
from backend.core.text import folded
from backend.core.weeks import week_of_day
from backend.invoices.rules import vat_of
from backend.ledger import rules as ledger_rules
from backend.ledger.models import Entry, Summed

Granted = Mapping[tuple[str, str], int]
Sent = tuple[bool, bool, int]
"""Of what left in a period: is LB, billable, how many."""


def record_id(week: str, client_id: str, product: str, order_id: str) -> str:
    return f"{week}:{client_id}:{product}:{order_id}"


def rows_of(week: str, entries: Sequence[Entry], granted: Granted, *, preview: bool) -> list[BillingRow]:
    """One client's rows of a week, one per product, order and mode; the free units as the invoice counts them."""
    units = ledger_rules.standing(entries)
    free = ledger_rules.gifts([one for one in units if one.billable], granted)
    groups: dict[tuple[str, str, str], list[Entry]] = {}
    for one in units:
        groups.setdefault((one.product_code, one.order_id, one.billing_mode_snapshot), []).append(one)
    return [_row(week, rows, free, preview) for _, rows in sorted(groups.items())]


def _row(week: str, units: Sequence[Entry], free: set[str], preview: bool) -> BillingRow:
    first = units[0]
    given = sum(one.id in free for one in units)
    net = sum(((one.net_unit_eur or Decimal()) for one in units if one.id not in free), Decimal())
    vat = vat_of(net, first.vat_rate_snapshot)
    prices = {one.unit_price_eur_snapshot for one in units}
    discounts = {one.discount_pct_snapshot for one in units}
    return BillingRow(
        record_id=record_id(week, first.client_id, first.product_code, first.order_id),
        week_key=week,
        client_id=first.client_id,
        client_name=first.client_name,
        entity=first.entity,
        product_code=first.product_code,
        order_id=first.order_id,
        billing_mode=first.billing_mode_snapshot,
        source_entity=first.source_entity,
        units_billable=len(units),
        units_leads=sum(one.unit_type == "lead" for one in units),
        units_lb=sum(one.unit_type == "lb" for one in units),
        units_free=given,
        units_invoiced=sum(one.priced for one in units) - given,
        unit_price_ht_snapshot=prices.pop() if len(prices) == 1 else None,
        discount_pct_snapshot=discounts.pop() if len(discounts) == 1 else None,
        vat_rate_snapshot=first.vat_rate_snapshot,
        net_total_ht=net,
        vat_amount=vat,
        total_ttc_expected=net + vat,
        pricing_missing=any(not one.priced for one in units),
        is_preview=preview,
        status="not_invoiced",
    )


def totals(rows: Iterable[BillingRow]) -> WeekTotals:
    """Of the rows that a weekly invoice carries."""
    kept = [row for row in rows if row.billing_mode == "WEEKLY_INVOICE"]
    net = sum((row.net_total_ht for row in kept), Decimal())
    vat = sum((row.vat_amount for row in kept), Decimal())
    return WeekTotals(
        units_billable=sum(row.units_billable for row in kept),
        units_free=sum(row.units_free for row in kept),
        units_leads=sum(row.units_leads for row in kept),
        units_lb=sum(row.units_lb for row in kept),
        net_ht=net,
        vat=vat,
        ttc=net + vat,
    )


def sent_in_all(summed: Iterable[Summed], again: Sequence[Sent]) -> list[Sent]:
    """What left: `again` tells the deliveries that a line undid something of, the others all stand."""
    known = list(summed)
    lefts = {lb: sum(one.sent for one in known if (one.unit_type == "lb") == lb) for lb in (False, True)}
    known_again = {lb: sum(n for is_lb, _, n in again if is_lb == lb) for lb in lefts}
    return [*again, *((lb, True, n - known_again[lb]) for lb, n in lefts.items())]


def activity(produced: int, sent: Iterable[Sent]) -> Activity:
    known = list(sent)

    def count(lb: bool | None = None, billable: bool | None = None) -> int:
        return sum(n for is_lb, pays, n in known if lb in {None, is_lb} and billable in {None, pays})

    return Activity(
        leads_produced=produced,
        units_delivered=count(),
        units_billable=count(billable=True),
        units_non_billable=count(billable=False),
        total_leads=count(lb=False),
        total_lb=count(lb=True),
        billable_leads=count(lb=False, billable=True),
        billable_lb=count(lb=True, billable=True),
    )


def month_rows(summed: Iterable[Summed]) -> list[MonthRow]:
    """Signed lines of a month, per client, product and mode: each line on its own day, a straddling week split."""
    groups: dict[tuple[str, str, str], list[Summed]] = {}
    for one in summed:
        groups.setdefault((one.client_id, one.product_code, one.billing_mode_snapshot), []).append(one)
    return [_month_row(rows) for _, rows in sorted(groups.items(), key=lambda pair: _by_name(pair[1][0]))]


def _by_name(one: Summed) -> tuple[str, str, str]:
    return folded(one.client_name), one.product_code, one.billing_mode_snapshot


def _month_row(rows: Sequence[Summed]) -> MonthRow:
    first = rows[0]
    units = [one for one in rows if one.kind in {"unit", "reversal"}]
    gifts = sum(-one.quantity for one in rows if one.kind in {"free", "unfree"})
    by_rate: dict[Decimal, Decimal] = {}
    for one in rows:
        by_rate[one.vat_rate_snapshot] = by_rate.get(one.vat_rate_snapshot, Decimal()) + one.net
    net = sum(by_rate.values(), Decimal())
    vat = sum((vat_of(base, rate) for rate, base in by_rate.items()), Decimal())
    return MonthRow(
        client_id=first.client_id,
        client_name=first.client_name,
        entity=first.entity,
        product_code=first.product_code,
        billing_mode=first.billing_mode_snapshot,
        units_billable=sum(one.quantity for one in units),
        units_leads=sum(one.quantity for one in units if one.unit_type == "lead"),
        units_lb=sum(one.quantity for one in units if one.unit_type == "lb"),
        units_free=gifts,
        net_total_ht=net,
        vat_amount=vat,
        total_ttc=net + vat,
        weeks_count=len({week for one in rows for week in one.weeks}),
    )


def month_totals(rows: Iterable[MonthRow]) -> WeekTotals:
    kept = [row for row in rows if row.billing_mode == "WEEKLY_INVOICE"]
    return WeekTotals(
        units_billable=sum(row.units_billable for row in kept),
        units_free=sum(row.units_free for row in kept),
        units_leads=sum(row.units_leads for row in kept),
        units_lb=sum(row.units_lb for row in kept),
        net_ht=sum((row.net_total_ht for row in kept), Decimal()),
        vat=sum((row.vat_amount for row in kept), Decimal()),
        ttc=sum((row.total_ttc for row in kept), Decimal()),
    )


def month_days(month: str) -> tuple[date, date]:
    """First and last day of `AAAA-MM`; ValueError when it is not one."""
    first = date.fromisoformat(f"{month}-01")
    if len(month) != 7 or not 2000 <= first.year <= 2099:
        raise ValueError(month)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def weeks_between(first: date, last: date) -> list[str]:
    """The weeks that have a day in [first, last]."""
    keys = [week_of_day(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    return list(dict.fromkeys(keys))


def status_of(invoice_status: str | None, overdue: bool) -> RowStatus:
    """The status of a row follows its invoice."""
    if overdue:
        return "overdue"
    return {"issued": "invoiced", "paid": "paid", "void": "invoiced"}.get(invoice_status or "", "not_invoiced")  # type: ignore[return-value]
