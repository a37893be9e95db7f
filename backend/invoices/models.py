"""Shapes of invoices: what is stored, what travels."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from backend.clients.models import Day, Percent
from backend.core.money import Money, decimal_given
from backend.core.text import AdminBody, FilledLine, Line, LongText

Kind = Literal["invoice", "credit_note", "prepayment", "intercompany"]
Status = Literal["draft", "issued", "paid", "void"]
STATUSES: tuple[Status, ...] = ("draft", "issued", "paid", "void")
LineKind = Literal["lead", "lb", "free", "prepaid", "manual", "transfer"]
ReminderLevel = Literal["courteous", "firm", "last"]
"""How firmly an overdue invoice was asked for; `last` comes before a formal notice."""
Method = Literal["virement", "prelevement", "cheque", "carte", "compensation", "autre"]
Price = Annotated[
    Decimal, BeforeValidator(decimal_given), Field(ge=0, le=Decimal("999999.99"), max_digits=8, decimal_places=2)
]
Paid = Annotated[
    Decimal, BeforeValidator(decimal_given), Field(gt=0, le=Decimal("99999999.99"), max_digits=10, decimal_places=2)
]


class InvoiceLine(BaseModel):
    """Units of one product at one price. `net_unit_ht` is rounded: quantity × net_unit_ht is exactly total_ht."""

    kind: LineKind
    label: str
    product_code: str = ""
    quantity: int
    unit_price_ht: Money
    discount_pct: Money
    net_unit_ht: Money
    vat_rate: Money
    total_ht: Money


class VatPart(BaseModel):
    rate: Money
    base_ht: Money
    vat: Money


class Origin(BaseModel):
    """What an avoir corrects."""

    invoice_id: str
    invoice_number: str
    issue_date: str


class Invoice(BaseModel):
    """An invoice as it is stored. Amounts of an avoir are positive: it is owed to the buyer.

    `client_id` is null between sister companies. `credited_ht`, `credited_vat` and `credited_ttc` grow with the avoirs
    issued on it, `paid_amount` with the payments: neither changes the document. `reminded_at` and `reminder_level` are
    those of the last reminder that left.
    """

    model_config = ConfigDict(extra="ignore")

    id: str
    origin_key: str = ""
    type: Kind
    status: Status = "draft"
    invoice_number: str | None = None
    entity: str
    client_id: str | None
    client_name: str
    to_entity: str | None = None
    from_entity: str | None = None
    week_key: str | None = None
    supplement: bool = False
    description: str = ""
    line_items: list[InvoiceLine] = Field(default_factory=list)
    vat_breakdown: list[VatPart] = Field(default_factory=list)
    vat_rate: Money = Decimal("20")
    amount_ht: Money = Decimal()
    vat_amount: Money = Decimal()
    amount_ttc: Money = Decimal()
    paid_amount: Money = Decimal()
    credited_ht: Money = Decimal()
    credited_vat: Money = Decimal()
    credited_ttc: Money = Decimal()
    corrects: Origin | None = None
    units: int = 0
    payment_terms_days: int = 30
    seller: dict[str, Any] | None = None
    buyer: dict[str, Any] | None = None
    legal: dict[str, Any] | None = None
    issued_at: datetime | None = None
    issue_date: str | None = None
    due_at: str | None = None
    paid_at: datetime | None = None
    sent_at: datetime | None = None
    sent_to: list[str] = Field(default_factory=list)
    reminded_at: datetime | None = None
    reminder_level: ReminderLevel | None = None
    created_at: datetime
    created_by: str
    updated_at: datetime

    @property
    def balance(self) -> Decimal:
        """What is still owed, TTC: below 0, what is to be given back."""
        return self.amount_ttc - self.credited_ttc - self.paid_amount

    @property
    def draft(self) -> bool:
        return self.status == "draft"


class InvoiceAnswer(Invoice):
    """An invoice over HTTP: what is owed, and whether it is late, are worked out when it is read."""

    balance_due: Money
    overdue: bool
    days_overdue: int
    partially_paid: bool


class Unit(BaseModel):
    """A ledger line that an invoice carries: on one invoice, never on two."""

    id: str
    invoice_id: str
    entity: str
    client_id: str
    delivery_id: str
    line: int


class Payment(BaseModel):
    """Money received (or, negative, a mistake taken back). Added, never changed."""

    id: str
    invoice_id: str
    entity: str
    paid_on: str
    amount: Money
    method: str
    reference: str
    note: str
    undoes: str | None = None
    by: str
    at: datetime


class LineBody(AdminBody):
    label: FilledLine
    product_code: Line = ""
    quantity: int = Field(ge=1, le=1_000_000)
    unit_price_ht: Price
    discount_pct: Percent = Decimal()
    vat_rate: Percent | None = Field(None, description="Absent : le taux du client")


class InvoiceCreate(AdminBody):
    """A free invoice: its lines, or one line of `amount_ht`."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"client_id": "8c1f…", "amount_ht": "450.00", "description": "Frais de mise en place"}
        }
    )
    client_id: FilledLine
    entity: Line | None = None
    amount_ht: Price | None = None
    description: Line = ""
    line_items: list[LineBody] = Field(default_factory=list, max_length=200)


class InvoiceUpdate(AdminBody):
    """A draft's words and lines; an issued invoice never changes."""

    model_config = ConfigDict(json_schema_extra={"example": {"description": "Frais de mise en place, mars"}})
    description: Line | None = None
    amount_ht: Price | None = None
    line_items: list[LineBody] | None = Field(None, max_length=200)


class PaymentBody(AdminBody):
    model_config = ConfigDict(
        json_schema_extra={"example": {"amount": "540.00", "paid_on": "2026-03-12", "method": "virement"}}
    )
    amount: Paid
    paid_on: Day | None = None
    method: Method = "virement"
    reference: Line = ""
    note: Line = ""


class MarkPaidBody(AdminBody):
    """The whole balance, received on this day (today when absent)."""

    model_config = ConfigDict(json_schema_extra={"example": {"paid_at": "2026-03-12"}})
    paid_at: Day | None = None
    method: Method = "virement"
    reference: Line = ""


class CreditBody(AdminBody):
    """Units to credit by their deliveries; or, on a free invoice, whole lines. Neither: everything that is left."""

    model_config = ConfigDict(json_schema_extra={"example": {"delivery_ids": ["3f2a…"], "reason": "Geste commercial"}})
    delivery_ids: list[FilledLine] = Field(default_factory=list, max_length=5000)
    units: int | None = Field(None, ge=1, le=1_000_000, description="Unités d'un acompte à reprendre")
    reason: Annotated[LongText, StringConstraints(min_length=1, max_length=500)]


class SendBody(AdminBody):
    """Where to; the client's billing address when absent."""

    model_config = ConfigDict(json_schema_extra={"example": {"to": ["compta@solaire-midi.fr"]}})
    to: list[Line] = Field(default_factory=list, max_length=10)


class TopUpBody(AdminBody):
    model_config = ConfigDict(json_schema_extra={"example": {"product_code": "PV", "units_to_add": 50}})
    product_code: Line
    units_to_add: int = Field(ge=1, le=100_000)
    note: Line = ""


class InvoiceList(BaseModel):
    invoices: list[InvoiceAnswer]
    count: int
    total: int
    total_capped: bool = False


class InvoiceOne(BaseModel):
    invoice: InvoiceAnswer
    payments: list[Payment]
    credit_notes: list[InvoiceAnswer]


class InvoiceSaved(BaseModel):
    success: bool = True
    invoice: InvoiceAnswer


class PaymentSaved(BaseModel):
    success: bool = True
    payment: Payment
    invoice: InvoiceAnswer


class UnitLine(BaseModel):
    """A unit of an invoice, traced to its delivery."""

    delivery_id: str
    lead_id: str
    product_code: str
    unit_type: str
    sent_at: datetime
    net_unit_eur: Money
    line: int
    credited: bool


class UnitList(BaseModel):
    units: list[UnitLine]
    count: int
    total: int
    total_capped: bool = False


class Debtor(BaseModel):
    """A client that is late."""

    client_id: str | None
    client_name: str
    entity: str
    invoice_count: int
    total_ht: Money
    total_ttc: Money
    oldest_due: str
    days_overdue: int
    reminded_at: datetime | None = Field(description="Dernière relance partie")
    reminder_level: ReminderLevel | None


class OverdueBoard(BaseModel):
    clients: list[Debtor]
    total_overdue_ttc: Money
    client_count: int


class Sent(BaseModel):
    success: bool = True
    status: str
    invoice_number: str
    sent_to: list[str]


class Totals(BaseModel):
    """What lines add up to."""

    amount_ht: Decimal
    vat_amount: Decimal
    amount_ttc: Decimal
    vat_breakdown: list[VatPart]
