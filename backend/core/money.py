"""Money: decimal, two places, half-up; `Decimal128` in the base, a string over HTTP."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import PlainSerializer
from pydantic_core import PydanticCustomError

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Round to the cent, half away from zero (the accountants' half-up)."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def discounted(price: Decimal, percent: Decimal) -> Decimal:
    """The price of one unit less its discount, rounded at once: units, lines and ledger then agree to the cent."""
    return cents(price * (100 - percent) / 100)


def euros(amount: Decimal) -> str:
    return f"{cents(amount):.2f}"


def decimal_given(value: Any) -> Any:
    """A JSON number or decimal text as a Decimal, without passing through binary fractions."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise PydanticCustomError("decimal_type", "not a decimal")
    try:
        return Decimal(str(value).strip())
    except InvalidOperation:
        raise PydanticCustomError("decimal_parsing", "not a decimal") from None


Money = Annotated[Decimal, PlainSerializer(euros, return_type=str, when_used="json")]
