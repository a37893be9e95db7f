"""Shapes of credits."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.commandes.models import Week
from backend.core.text import AdminBody, FilledLine, LongText
from backend.pricing.models import Code

Reason = Literal["fin_de_semaine", "geste_commercial", "retard", "qualite", "bug", "autre"]


class Credit(BaseModel):
    """Units of one commande that are free in one week (the week sent). Not carried over."""

    id: str
    entity: str
    client_id: str
    order_id: str
    product_code: str
    week_key: str
    quantity_units_free: int
    reason: Reason
    note: str = ""
    created_by: str
    created_at: datetime


class CreditBody(AdminBody):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "order_id": "6f1c2f0e-7a0b-4c55-9b53-0a6a5d3c9a11",
                "product_code": "PV",
                "week_key": "2026-W11",
                "quantity_units_free": 2,
                "reason": "geste_commercial",
            }
        }
    )
    order_id: FilledLine
    product_code: Code
    week_key: Annotated[Week, Field(description="AAAA-Wnn, la semaine d'envoi")]
    quantity_units_free: Annotated[int, Field(ge=1, le=100_000)]
    reason: Reason
    note: Annotated[LongText, StringConstraints(max_length=1000)] = ""


class CreditPage(BaseModel):
    credits: list[Credit]
    count: int
    total: int
    total_capped: bool = False


class CreditSaved(BaseModel):
    success: bool = True
    credit: Credit


class CreditDeleted(BaseModel):
    success: bool = True
    deleted_id: str
