"""Paging: `limit` 1..500 and `skip`; `total` exact up to 10,000, then said to be more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Depends, Query

R = TypeVar("R")
TOTAL_CAP = 10_000
MAX_LIMIT = 500


@dataclass(frozen=True, slots=True)
class Page:
    limit: int
    skip: int


@dataclass(frozen=True, slots=True)
class Paged(Generic[R]):
    rows: list[R]
    total: int
    capped: bool

    def answer(self, name: str, rows: list[Any] | None = None) -> dict[str, Any]:
        """The list answer of the API: `{<name>, count, total, total_capped?}`."""
        shown = self.rows if rows is None else rows
        body: dict[str, Any] = {name: shown, "count": len(shown), "total": self.total}
        return body | {"total_capped": True} if self.capped else body


def either(values: Sequence[str] | None) -> Any:
    """What a field must be to be one of `values`, as a condition of a query; None when nothing is asked."""
    if not values:
        return None
    return values[0] if len(values) == 1 else {"$in": sorted(set(values))}


def paged(default: int, most: int = MAX_LIMIT) -> Any:
    """A `Page` dependency with its own default limit, and its own largest one."""
    rows: Any = Query(default, ge=1, le=most, description="Lignes par page")

    async def read(
        limit: int = rows, skip: Annotated[int, Query(ge=0, le=1_000_000, description="Lignes à passer")] = 0
    ) -> Page:
        return Page(limit, skip)

    return Depends(read)
