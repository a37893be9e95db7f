"""Shapes of the ledger: its lines, the weeks they belong to, and what is settled from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from backend.core.money import Money

Kind = Literal["unit", "reversal", "free", "unfree"]
Mode = Literal["WEEKLY_INVOICE", "PREPAID"]
WeekState = Literal["open", "closed", "invoiced"]


class Entry(BaseModel):
    """One line. Its amounts are signed: a reversal takes away what its unit added.

    `week_key`: the week it counts in; `sent_week`: the Paris week in which the server accepted the unit.
    `value_at`: the moment a month counts it at: that of the sending, or of the taking back.
    `reverses`: the line that a negative one undoes. `invoice_id`: the issued invoice that a reversal has to correct.
    """

    model_config = ConfigDict(extra="ignore")

    id: str
    kind: Kind
    quantity: Literal[1, -1]
    entity: str
    source_entity: str
    client_id: str
    client_name: str
    order_id: str
    delivery_id: str
    lead_id: str
    product_code: str
    dept: str
    unit_type: Literal["lead", "lb"]
    billing_mode_snapshot: Mode
    unit_price_eur_snapshot: Decimal | None
    discount_pct_snapshot: Decimal
    vat_rate_snapshot: Decimal
    net_unit_eur: Decimal | None
    pricing_source: str
    outcome: str
    week_key: str
    sent_week: str
    sent_at: datetime
    value_at: datetime
    at: datetime
    by: str
    reverses: str | None = None
    invoice_id: str | None = None

    @property
    def net(self) -> Decimal:
        """What the line adds to the turnover, HT; a unit without a price adds nothing and shows as such."""
        return (self.net_unit_eur or Decimal()) * self.quantity

    @property
    def priced(self) -> bool:
        return self.net_unit_eur is not None

    @property
    def billable(self) -> bool:
        """Whether a weekly invoice carries it: prepaid units were paid when they were bought."""
        return self.billing_mode_snapshot == "WEEKLY_INVOICE"


@dataclass(frozen=True, slots=True)
class Summed:
    """Lines added up that share what `KEY` names. `sent`: how many of them are the first line of a unit."""

    KEY: ClassVar = ("client_id", "product_code", "billing_mode_snapshot", "vat_rate_snapshot", "kind", "unit_type")
    client_id: str
    product_code: str
    billing_mode_snapshot: Mode
    vat_rate_snapshot: Decimal
    kind: Kind
    unit_type: Literal["lead", "lb"]
    client_name: str
    entity: str
    quantity: int
    net: Decimal
    sent: int
    weeks: list[str]


class Week(BaseModel):
    """One week of one client. `touched` grows with each line: a closing and a line exclude each other."""

    model_config = ConfigDict(extra="ignore")

    entity: str
    client_id: str
    week_key: str
    state: WeekState = "open"
    touched: int = 0
    closed_at: datetime | None = None
    closed_by: str = ""
    forced: str = ""
    invoice_id: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Units that share a product, a price and a kind: a line of an invoice. `units`: the ledger lines behind it."""

    product_code: str
    unit_type: Literal["lead", "lb"]
    free: bool
    unit_price: Decimal | None
    discount_pct: Decimal
    vat_rate: Decimal
    net_unit: Decimal
    units: tuple[Entry, ...]

    @property
    def quantity(self) -> int:
        return len(self.units)

    @property
    def total(self) -> Decimal:
        return Decimal() if self.free else self.net_unit * len(self.units)


class LedgerLine(BaseModel):
    """A line over HTTP."""

    id: str
    kind: Kind
    quantity: int
    week_key: str
    sent_week: str
    sent_at: datetime
    at: datetime
    by: str
    entity: str
    source_entity: str
    client_id: str
    client_name: str
    order_id: str
    delivery_id: str
    lead_id: str
    product_code: str
    dept: str
    unit_type: str
    billing_mode_snapshot: str
    unit_price_eur_snapshot: Money | None
    discount_pct_snapshot: Money
    vat_rate_snapshot: Money
    pricing_source: str
    outcome: str
    amount_net_eur: Money
    reverses: str | None
    invoice_id: str | None


class LedgerPage(BaseModel):
    lines: list[LedgerLine]
    count: int
    total: int
    total_capped: bool = False
