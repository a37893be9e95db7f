"""Money: decimal, two places, half-up; `Decimal128` in the base, a string over HTTP."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated

from pydantic import PlainSerializer

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Round to the cent, half away from zero (the accountants' half-up)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def euros(amount: Decimal) -> str:
    return f"{cents(amount):.2f}"


Money = Annotated[Decimal, PlainSerializer(euros, return_type=str, when_used="json")]
