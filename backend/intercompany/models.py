"""Shapes of transfers between entities, their prices, and what is shown of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.clients.models import Day
from backend.core.money import Money
from backend.core.text import AdminBody, Line
from backend.invoices.models import InvoiceAnswer, Price
from backend.parametres.models import Produit

TransferStatus = Literal["pending", "invoiced", "cancelled", "error"]
STATUSES: tuple[TransferStatus, ...] = ("pending", "invoiced", "cancelled", "error")


class Transfer(BaseModel):
    """A lead that `from_entity` collected and `to_entity` sold. Its price is that of the day it was sent.

    Cancelled after it was invoiced, it keeps `invoice_id` and waits for its avoir, `credit_invoice_id`.
    """

    model_config = ConfigDict(extra="ignore")

    id: str
    lead_id: str
    delivery_id: str
    commande_id: str
    from_entity: str
    to_entity: str
    product: str
    unit_price_ht: Money | None
    transfer_status: TransferStatus
    error_code: str = ""
    error_message: str = ""
    invoice_id: str | None = None
    credit_invoice_id: str | None = None
    routing_mode: str
    week_key: str
    sent_at: datetime
    created_at: datetime
    cancelled_at: datetime | None = None


class TransferLine(BaseModel):
    """A transfer over HTTP. The collecting entity never sees the buyer's order nor the delivery (rule 23)."""

    id: str
    lead_id: str
    delivery_id: str | None
    commande_id: str | None
    from_entity: str
    to_entity: str
    product: str
    unit_price_ht: Money | None
    transfer_status: TransferStatus
    error_code: str
    error_message: str
    invoice_id: str | None
    credit_invoice_id: str | None
    routing_mode: str
    week_key: str
    sent_at: datetime
    created_at: datetime
    cancelled_at: datetime | None


class TransferPage(BaseModel):
    transfers: list[TransferLine]
    count: int
    total: int
    total_capped: bool = False


class InternalPrice(BaseModel):
    """What one lead of a product costs between two entities, HT."""

    model_config = ConfigDict(extra="ignore")

    id: str
    from_entity: str
    to_entity: str
    product: str
    unit_price_ht: Money
    active: bool = True
    created_at: datetime
    updated_at: datetime


class InternalPriceList(BaseModel):
    pricing: list[InternalPrice]
    missing: list[str] = Field(description="Directions et produits sans prix, par exemple ZR7->MDL PV")
    count: int


class InternalPriceBody(AdminBody):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {"from_entity": "ZR7", "to_entity": "MDL", "product": "PV", "unit_price_ht": "25.00"}
        }
    )
    from_entity: Line
    to_entity: Line
    product: Produit
    unit_price_ht: Price


class TransferPriceBody(AdminBody):
    """The same price under the names of the billing screens."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"from_entity": "ZR7", "to_entity": "MDL", "product_code": "PV", "unit_price_ht": "25.00"}
        }
    )
    from_entity: Line
    to_entity: Line
    product_code: Produit
    unit_price_ht: Price
    active: bool = True


class BetweenPaid(AdminBody):
    """What an outside tool knows of an invoice between companies: that it was paid. Its number and amount are ours."""

    model_config = ConfigDict(json_schema_extra={"example": {"status": "paid", "paid_at": "2026-03-20"}})
    status: Literal["paid"] = "paid"
    paid_at: Day | None = None
    external_invoice_number: Line = Field("", description="Noté comme référence du règlement")


class PriceSaved(BaseModel):
    success: bool = True
    action: Literal["created", "updated"]


class Generated(BaseModel):
    """What a run made. `refused`: directions that could not be invoiced, with the reason."""

    success: bool = True
    week_key: str
    invoices_created: int
    credit_notes_created: int
    invoices: list[dict[str, Any]]
    refused: list[dict[str, str]]
    errors_left: int = Field(description="Transferts sans prix, à corriger")
    message: str = ""


class IntercompanyInvoices(BaseModel):
    invoices: list[InvoiceAnswer]
    count: int
    total: int
    total_capped: bool = False


class IntercompanyInvoice(BaseModel):
    invoice: InvoiceAnswer
    transfers: list[TransferLine]
    credit_notes: list[InvoiceAnswer]


class Retried(BaseModel):
    retried: int
    fixed: int
    still_error: int


class Direction(BaseModel):
    """What one entity owes the other. `net_ttc`: invoiced, less avoirs and payments."""

    from_entity: str
    to_entity: str
    units_pending: int
    pending_ht: Money
    units_error: int
    invoiced_ttc: Money
    credited_ttc: Money
    paid: Money
    net_ttc: Money


class Netting(BaseModel):
    """Both directions side by side; `positions` add up to zero."""

    directions: list[Direction]
    positions: dict[str, Money]
    settlement: str = Field(description="Qui règle qui, et combien")


class Health(BaseModel):
    status: str
    transfers: dict[str, int]
    recent_errors: list[dict[str, Any]]
    cron: dict[str, Any]
    invoices: dict[str, int]
