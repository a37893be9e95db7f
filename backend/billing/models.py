"""Shapes of the billing screens: weeks, months, records, closings."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from backend.clients.models import Day
from backend.core.money import Money, decimal_given
from backend.core.text import AdminBody, Line
from backend.invoices.models import Kind, Payment, Status

RowStatus = Literal["not_invoiced", "invoiced", "paid", "overdue"]
Ttc = Annotated[
    Decimal, BeforeValidator(decimal_given), Field(ge=0, le=Decimal("99999999.99"), max_digits=10, decimal_places=2)
]


class BillingRow(BaseModel):
    """Units of one client, product and order in one week. Free units are counted and cost nothing."""

    record_id: str
    week_key: str
    client_id: str
    client_name: str
    entity: str
    product_code: str
    order_id: str
    billing_mode: str
    source_entity: str
    units_billable: int
    units_leads: int
    units_lb: int
    units_free: int
    units_invoiced: int
    unit_price_ht_snapshot: Money | None = Field(description="Vide quand plusieurs prix, ou aucun")
    discount_pct_snapshot: Money | None
    vat_rate_snapshot: Money
    net_total_ht: Money
    vat_amount: Money
    total_ttc_expected: Money
    pricing_missing: bool
    is_preview: bool
    status: RowStatus
    invoice_id: str | None = None
    invoice_number: str | None = None
    external_invoice_number: str = ""
    external_invoice_ttc: Money | None = None
    prepaid_remaining: int | None = None
    prepaid_purchased: int | None = None
    prepaid_delivered: int | None = None
    prepaid_status: str | None = None


class Activity(BaseModel):
    """What the week brought: received, sent, and what of it is billed."""

    leads_produced: int
    units_delivered: int
    units_billable: int
    units_non_billable: int
    total_leads: int
    total_lb: int
    billable_leads: int
    billable_lb: int


class WeekTotals(BaseModel):
    """Weekly invoices only: prepaid units were paid when they were bought."""

    units_billable: int
    units_free: int
    units_leads: int
    units_lb: int
    net_ht: Money
    vat: Money
    ttc: Money


class ClientWeek(BaseModel):
    """Where the week of one client stands."""

    client_id: str
    client_name: str
    entity: str
    state: Literal["open", "closed", "invoiced"]
    closed_at: datetime | None
    closed_by: str
    forced: str
    invoice_id: str | None
    invoice_number: str | None
    invoice_status: str | None
    unpriced: int


class WeekBoard(BaseModel):
    week_key: str
    over: bool
    has_records: bool
    summary: Activity
    totals: WeekTotals
    weekly_invoice: list[BillingRow]
    prepaid: list[BillingRow]
    clients: list[ClientWeek]
    interfacturation: list[dict[str, object]] = Field(default_factory=list)


class MonthRow(BaseModel):
    client_id: str
    client_name: str
    entity: str
    product_code: str
    billing_mode: str
    units_billable: int
    units_leads: int
    units_lb: int
    units_free: int
    net_total_ht: Money
    vat_amount: Money
    total_ttc: Money
    weeks_count: int


class MonthBoard(BaseModel):
    month: str
    month_start: str
    month_end: str
    weeks_in_month: list[str]
    summary: Activity
    totals: WeekTotals
    rows: list[MonthRow]
    interfacturation: list[dict[str, object]] = Field(default_factory=list)


class CloseBody(AdminBody):
    """`client_id` absent: every client of the scope with lines that week. `reason` forces what would be refused."""

    model_config = ConfigDict(json_schema_extra={"example": {"client_id": "8c1f…", "issue": True}})
    client_id: Line | None = None
    issue: bool = False
    force: bool = False
    reason: Line = ""


class ClosedClient(BaseModel):
    """What became of one client's week: its invoice and avoirs, or why it was not closed."""

    client_id: str
    client_name: str
    closed: bool
    invoice_id: str | None = None
    invoice_number: str | None = None
    credit_notes: list[str] = Field(default_factory=list)
    refused: str = ""
    code: str = ""


class CloseAnswer(BaseModel):
    success: bool
    week_key: str
    closed: int
    refused: int
    clients: list[ClosedClient]


class BuildAnswer(BaseModel):
    """`ledger_entries` were already there: the ledger is written with each sending. `added` mended what was missing."""

    success: bool = True
    week_key: str
    ledger_entries: int
    added: int


class RecordUpdate(AdminBody):
    """How an outside accounting tool follows a row; what our own invoice says is not changed from here."""

    model_config = ConfigDict(json_schema_extra={"example": {"external_invoice_number": "FA-2026-118"}})
    external_invoice_number: Line | None = None
    external_invoice_ttc: Ttc | None = None
    issued_at: Day | None = None
    due_date: Day | None = None
    paid_at: Day | None = None
    status: RowStatus | None = None


class RecordPage(BaseModel):
    records: list[BillingRow]
    count: int
    total: int
    total_capped: bool = False


class StatementInvoice(BaseModel):
    """A document of the period. Amounts of an avoir are positive: it is owed to the buyer."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    invoice_number: str | None
    type: Kind
    status: Status
    issue_date: str | None
    due_at: str | None
    amount_ht: Money
    amount_ttc: Money
    balance_due: Money
    overdue: bool
    partially_paid: bool


class Statement(BaseModel):
    """What a client received, what it was billed and what it paid between two days."""

    client_id: str
    client_name: str
    first: str
    last: str
    units_billable: int
    net_ht: Money
    invoiced_ttc: Money
    credited_ttc: Money
    paid: Money
    balance: Money
    invoices: list[StatementInvoice]
    payments: list[Payment]
