"""Telephone numbers: one stored form (E.164), a quality, and the notations people read and type.

Source of the plan: Google's libphonenumber (package `phonenumbers`). Rule 2 of the trade.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType

Quality = Literal["valid", "suspicious", "invalid"]
_REGIONS = ("FR", "GP", "MQ", "GF", "RE", "YT")
_ASSIGNABLE = {
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
}
_SEQUENCES = {"0123456789", "1234567890", "0987654321", "9876543210"}
_TEST_NUMBER = "0612345678"
_FRANCE = 33


@dataclass(frozen=True, slots=True)
class Phone:
    """`e164` is empty when the quality is `invalid`; `raw` is what was received."""

    e164: str
    quality: Quality
    raw: str

    @property
    def usable(self) -> bool:
        return self.quality != "invalid"


@lru_cache(maxsize=4096)
def parse(raw: str) -> Phone:
    """Read a number in any notation."""
    number = _assignable(raw)
    if number is None:
        return Phone("", "invalid", raw)
    digits = _national_digits(number)
    if len(set(digits)) == 1 or digits in _SEQUENCES or digits == _TEST_NUMBER:
        return Phone("", "invalid", raw)
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Phone(e164, "suspicious" if _suspicious(digits) else "valid", raw)


def display(e164: str) -> str:
    """`06 98 76 54 32`, or the international notation for a number outside metropolitan France."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    french = number.country_code == _FRANCE
    style = PhoneNumberFormat.NATIONAL if french else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)


def export(e164: str) -> str:
    """`0698765432`, or E.164 for a number outside metropolitan France."""
    if not e164.startswith("+33"):
        return e164
    return "0" + e164[3:]


def national(e164: str) -> str:
    """The digits that are dialled at home: `0698765432`."""
    return _national_digits(phonenumbers.parse(e164))


def _assignable(raw: str) -> PhoneNumber | None:
    if len(raw) > 40:
        return None
    for region in _REGIONS:
        try:
            number = phonenumbers.parse(raw, region)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(number) and phonenumbers.number_type(number) in _ASSIGNABLE:
            return number
    return None


def _national_digits(number: PhoneNumber) -> str:
    return re.sub(r"\D", "", phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL))


def _suspicious(digits: str) -> bool:
    """Seven identical digits or more among the last eight, or one pair four times."""
    last = digits[-8:]
    return max(last.count(digit) for digit in set(last)) >= 7 or last == last[:2] * 4
