"""Keys by which rows are found, kept beside them, and the keys that a typed text asks for. Pure.

Every key is an equality: an index `(entity, keys, -created_at, -id)` finds and sorts at once. Case and accents folded.
"""

from __future__ import annotations

import re
from typing import Any

from backend.core import phone as phones
from backend.core.text import folded

_PREFIX_FROM, _PREFIX_TO = 3, 8
_DIGITS_FROM, _DIGITS_TO = 4, 9
_MOST_WORDS = 8
_DIALLED = re.compile(r"[+\d\s.()/-]+")


def words(text: str) -> list[str]:
    return re.sub(r"[-'’]", " ", folded(text)).split()


def word_keys(*texts: str) -> set[str]:
    """Each word whole, and by its first 3 to 8 letters."""
    keys = set()
    for word in (one for text in texts for one in words(text)):
        keys.add(word)
        keys.update(word[:size] for size in range(_PREFIX_FROM, min(len(word), _PREFIX_TO) + 1))
    return keys


def phone_keys(e164: str) -> set[str]:
    """Whole, by its first 4 to 9 national digits, by its last four. Nothing for an empty number."""
    if not e164:
        return set()
    national = phones.national(e164)
    prefixes = {national[:size] for size in range(_DIGITS_FROM, min(len(national), _DIGITS_TO) + 1)}
    return {e164, e164[-4:], *prefixes}


def person_keys(nom: str, prenom: str, email: str, phone: str) -> list[str]:
    """What a person can be found by."""
    return sorted({*word_keys(nom, prenom), *phone_keys(phone), *([folded(email)] if email else [])})


def number_keys(number: str) -> set[str]:
    """A document's number by its beginning, whole, and by its rank: `ZR7-2026-000042`, `2026-000042`, `42`."""
    whole = folded(number)
    rank = whole.rpartition("-")[2]
    year = "-".join(whole.split("-")[-2:])
    return {*(whole[:size] for size in range(_PREFIX_FROM, len(whole) + 1)), year, rank, rank.lstrip("0")} - {""}


def asked(text: str) -> list[str]:
    """The keys a search asks for: all of them must be there. A phone in any notation is one key."""
    if _DIALLED.fullmatch(text) and len(digits := _national(text)) >= _DIGITS_FROM:
        number = phones.parse(text)
        return [number.e164 if number.usable else digits[:_DIGITS_TO] if len(digits) <= _DIGITS_TO else digits]
    if "@" in text:
        return [folded(text)]
    return [word if any(char.isdigit() for char in word) else word[:_PREFIX_TO] for word in words(text)[:_MOST_WORDS]]


def asked_number(text: str) -> list[str]:
    """As `asked`, for documents that have a number: a text with a digit is one."""
    return ["".join(folded(text).split())] if any(char.isdigit() for char in text) else asked(text)


def beginning(text: str) -> str:
    """What a key must start with, where keys are few and searched by their beginning: a phone, else the text folded."""
    number = [one for one in asked(text) if one.lstrip("+").isdigit()]
    return number[0] if _DIALLED.fullmatch(text) and number else folded(text)


def condition(keys: list[str]) -> dict[str, Any] | None:
    """The condition on the field of the keys; None when nothing is asked."""
    return {"$all": keys} if keys else None


def _national(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    for international in ("0033", "33") if text.strip().startswith(("+", "00")) else ():
        if digits.startswith(international):
            return "0" + digits.removeprefix(international).removeprefix("0")
    return digits
