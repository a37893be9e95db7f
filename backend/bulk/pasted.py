"""A buyer's e-mail, pasted: the numbers in it, and what became of each with this client. Values in, values out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Literal

import phonenumbers

from backend.core import phone
from backend.deliveries.models import Delivery

Verdict = Literal[
    "matched", "ambiguous", "window_closed", "already_rejected", "already_removed", "not_sent", "unknown", "unreadable"
]
_REGIONS = ("FR", "GP", "MQ", "GF", "RE", "YT")
_SHORT = re.compile(r"(?<![\d+])[1-9]\d{8}(?!\d)")
"""A national number whose leading zero a spreadsheet took away."""
_LONG = re.compile(r"\+?\d(?:[ .\-]?\d){8,}")
_AGAIN = {"not_sent": 1, "already_removed": 2, "already_rejected": 3, "window_closed": 4}


def numbers(text: str) -> list[tuple[str, str]]:
    """(as written, E.164) of each number, once, in their order; E.164 is empty where the digits are no number."""
    found: dict[str, str] = {}
    unread: list[str] = []
    for line in text.splitlines():
        spans = _spans(line)
        for start, end in spans:
            known = _read(line[start:end])
            if known:
                found.setdefault(known, line[start:end].strip())
        rest = "".join(" " if any(a <= at < b for a, b in spans) else char for at, char in enumerate(line))
        unread += [one.strip() for one in _LONG.findall(rest)]
    return [(raw, e164) for e164, raw in found.items()] + [(raw, "") for raw in dict.fromkeys(unread)]


def _spans(line: str) -> list[tuple[int, int]]:
    """Where numbers stand, not overlapping, the first reading kept."""
    spans: list[tuple[int, int]] = []
    for region in _REGIONS:
        matches = phonenumbers.PhoneNumberMatcher(line, region)
        spans += [(one.start, one.end) for one in matches if _free(spans, one.start, one.end)]
    spans += [one.span() for one in _SHORT.finditer(line) if _free(spans, *one.span()) and _read(one[0])]
    return sorted(spans)


def _free(spans: Iterable[tuple[int, int]], start: int, end: int) -> bool:
    return all(end <= a or start >= b for a, b in spans)


def _read(raw: str) -> str:
    found = phone.parse(raw)
    return found.e164 or (phone.parse(f"0{raw}").e164 if _SHORT.fullmatch(raw) else "")


def verdict(found: Sequence[Delivery], judge: Callable[[Delivery], str]) -> tuple[Verdict, list[Delivery]]:
    """What can be done of a number: the deliveries to reject, or the one that says best why there is none."""
    judged = [(judge(one), one) for one in found]
    open_ones = [one for code, one in judged if not code]
    if open_ones:
        return ("matched" if len(open_ones) == 1 else "ambiguous"), open_ones
    if not judged:
        return "unknown", []
    code, best = max(judged, key=lambda pair: (_AGAIN.get(pair[0], 0), pair[1].created_at))
    return code, [best]  # type: ignore[return-value]
