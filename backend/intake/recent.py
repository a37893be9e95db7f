"""What this process answered lately: whoever asks again at once, as callers in doubt do, costs the base nothing."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from backend.intake.models import Claimed, First

AT_MOST = 4096  # claims


class Recent:
    """The claims taken here, and the first answer of their lead: neither changes once committed."""

    def __init__(self, at_most: int = AT_MOST) -> None:
        self._at_most = at_most
        self._kept: OrderedDict[str, tuple[Claimed, Mapping[str, Any]]] = OrderedDict()

    def note(self, claims: Iterable[Claimed], answer: Mapping[str, Any]) -> None:
        """The claims as they are stored, all of one lead."""
        for claim in claims:
            self._kept[claim["_id"]] = claim, answer
        while len(self._kept) > self._at_most:
            self._kept.popitem(last=False)

    def find(self, first: First, now: datetime) -> tuple[list[Claimed], Mapping[str, Any]] | None:
        """The live claims of a submission and the answer of the first; None when the base has to be asked."""
        kept = [self._kept[one.key] for one in first.claims if one.key in self._kept]
        live = [(claim, answer) for claim, answer in kept if claim["until"] > now]
        return ([claim for claim, _ in live], live[0][1]) if live else None

    def forget(self) -> None:
        self._kept.clear()
