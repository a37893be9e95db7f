"""HTTP of the exports for the accountant."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import APIRouter, Response

from backend.accounts.caller import Caller, requires
from backend.core.periods import period
from backend.core.web import errors, part
from backend.exports.service import Exports

router = APIRouter(prefix="/api", tags=["billing"])
Viewer = Annotated[Caller, requires("billing.view")]


@router.get(
    "/billing/export", summary="Factures et avoirs pour le comptable : CSV, XLSX, ou FEC (journal des ventes)",
    responses=errors(400, 401, 403, 409), response_class=Response,
)  # fmt: skip
async def export(
    exports: Annotated[Exports, part("billing_exports")],
    caller: Viewer,
    first: date | None = None,
    last: date | None = None,
    format: Literal["csv", "xlsx", "fec"] = "csv",
) -> Response:
    """Without days: the running month."""
    end = last or exports.today
    days = period(first or end.replace(day=1), end)
    name, kind, content = await exports.file(caller.scope, *days, format)
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
