"""Shapes of products, prices and quotes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from backend.clients.models import Amount, Day, Percent
from backend.core.money import Money, discounted
from backend.core.text import AdminBody, FilledLine

Mode = Literal["WEEKLY_INVOICE", "PREPAID"]
Origin = Literal["product", "missing"]
DiscountOrigin = Literal["product", "global", "none"]
TvaOrigin = Literal["pricing", "client", "default"]
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}")


def product_code(value: str) -> str:
    """The code of a product as it is kept: upper case, 20 characters at most."""
    code = value.upper()
    if not _CODE.fullmatch(code):
        raise ValueError("Un code de 20 lettres, chiffres ou tirets au plus est attendu, par exemple PV.")
    return code


Code = Annotated[FilledLine, AfterValidator(product_code)]
Name = Annotated[FilledLine, StringConstraints(max_length=100)]


class Product(BaseModel):
    """What is sold. Leads and commandes know the three first ones; `created_at` is null for those."""

    code: str
    name: str
    active: bool = True
    unit: str = "lead"
    created_at: datetime | None = None
    updated_at: datetime | None = None


KNOWN = (
    Product(code="PV", name="Photovoltaïque"),
    Product(code="PAC", name="Pompe à chaleur"),
    Product(code="ITE", name="Isolation thermique par l'extérieur"),
)
"""Sold from the start: in the code, so that reading never has to write them."""


class Defaults(BaseModel):
    """What holds for a client when a price does not say. `tva_rate` null: that of the client's own sheet."""

    client_id: str
    entity: str = ""
    discount_pct_global: Money = Decimal(0)
    tva_rate: Money | None = None
    updated_at: datetime | None = None


class Price(BaseModel):
    """One line of a client's price history for a product, in force from a Paris day on."""

    id: str
    entity: str
    client_id: str
    product_code: str
    unit_price_eur: Money
    discount_pct: Money | None = Field(None, description="null : la remise globale du client")
    billing_mode: Mode = "WEEKLY_INVOICE"
    active: bool = True
    valid_from: str = Field(description="Jour (Paris) AAAA-MM-JJ")
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """What one unit costs a client on a day, and where each figure comes from. A missing price is never 0."""

    client_id: str
    produit: str
    unit_price: Decimal | None
    discount_pct: Decimal
    tva_rate: Decimal
    mode: Mode
    origin: Origin
    discount_origin: DiscountOrigin
    tva_origin: TvaOrigin
    valid_from: str | None

    @property
    def missing(self) -> bool:
        return self.unit_price is None

    @property
    def net_unit(self) -> Decimal | None:
        """HT after discount, rounded to the cent per unit: a line is quantity x this, and sums agree everywhere."""
        if self.unit_price is None:
            return None
        return discounted(self.unit_price, self.discount_pct)


class ProductBody(AdminBody):
    model_config = ConfigDict(json_schema_extra={"example": {"code": "SSC", "name": "Système solaire combiné"}})
    code: Code
    name: Name
    unit: Annotated[FilledLine, StringConstraints(max_length=30)] = "lead"


class DefaultsBody(AdminBody):
    """Only the fields given are written; `tva_rate` null: the rate of the client's sheet again."""

    model_config = ConfigDict(json_schema_extra={"example": {"discount_pct_global": "5", "tva_rate": "20"}})
    discount_pct_global: Percent = Decimal(0)
    tva_rate: Percent | None = None


class PriceBody(AdminBody):
    """A price from `valid_from` on (today). What is omitted stays as in the price in force that day."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "product_code": "PV",
                "unit_price_eur": "25.00",
                "discount_pct": "10",
                "valid_from": "2026-03-16",
            }
        }
    )
    product_code: Code
    unit_price_eur: Amount | None = Field(None, description="HT, par lead ; obligatoire pour un premier prix")
    discount_pct: Percent | None = Field(None, description="null : la remise globale du client")
    billing_mode: Mode | None = None
    active: bool | None = None
    valid_from: Day | None = Field(None, description="Jour (Paris) AAAA-MM-JJ ; par défaut aujourd'hui")


class QuoteView(BaseModel):
    """A quote over HTTP."""

    product_code: str
    unit_price_eur: Money | None
    discount_pct: Money
    net_unit_eur: Money | None
    tva_rate: Money
    billing_mode: Mode
    origin: Origin
    discount_origin: DiscountOrigin
    tva_origin: TvaOrigin
    valid_from: str | None
    pricing_missing: bool


class GlobalView(BaseModel):
    """The client's defaults as they count today."""

    client_id: str
    discount_pct_global: Money
    tva_rate: Money
    tva_origin: TvaOrigin
    payment_terms_days: int
    updated_at: datetime | None


class ClientPricing(BaseModel):
    """`products`: the prices in force today; `history`: all of them, newest first, those ended too."""

    model_config = ConfigDict(populate_by_name=True)
    client_id: str
    entity: str
    global_: GlobalView = Field(alias="global")
    products: list[Price]
    history: list[Price]
    effective: list[QuoteView]
    pricing_missing: list[str] = Field(description="Produits d'une commande active sans prix aujourd'hui")


class MissingPrice(BaseModel):
    """A client who has an active commande and no price for its produit."""

    entity: str
    client_id: str
    client_name: str
    produit: str


class ProductList(BaseModel):
    products: list[Product]


class ProductSaved(BaseModel):
    success: bool = True
    product: Product


class DefaultsSaved(BaseModel):
    model_config = ConfigDict(populate_by_name=True)
    success: bool = True
    global_: GlobalView = Field(alias="global")


class PriceSaved(BaseModel):
    success: bool = True
    price: Price
    effective: QuoteView


class PriceDeleted(BaseModel):
    success: bool = True
    product_code: str
    ended: int = Field(description="Lignes de prix désactivées ; elles restent dans l'historique")


def told(model: BaseModel, *fields: str) -> dict[str, Any]:
    """Fields as an event tells them: decimals as text."""
    return model.model_dump(mode="json", include=set(fields))
