"""Shapes of prepaid balances and of the journal that explains them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, Field

Kind = Literal["purchase", "withdrawal", "reservation", "release", "consumption", "return"]
Status = Literal["OK", "LOW", "BLOCKED"]


class Balance(BaseModel):
    """The units of one client and produit: remaining = purchased - delivered - reserved."""

    entity: str
    client_id: str
    product_code: str
    units_purchased_total: int = 0
    units_delivered_total: int = Field(0, description="Unités parties et acceptées")
    units_reserved: int = Field(0, description="Unités des leads réservés qui ne sont pas encore partis")
    units_remaining: int = 0
    updated_at: datetime | None = None


class BalanceView(Balance):
    """A balance as it is shown. LOW: 10 units or less; BLOCKED: none, nothing more is routed."""

    status: Status


class Move(BaseModel):
    """One line of the journal, never changed. `units` is positive; `kind` says which way they go."""

    id: str
    entity: str
    client_id: str
    product_code: str
    kind: Kind
    units: int
    delivery_id: str | None = None
    reason: str = ""
    user: str = "system"
    at: datetime


class Balances(BaseModel):
    client_id: str
    balances: list[BalanceView]


class MovePage(BaseModel):
    client_id: str
    moves: list[Move]
    count: int
    total: int
    total_capped: bool = False
