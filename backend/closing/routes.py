"""HTTP of closing weeks."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path

from backend.accounts.caller import Caller, requires
from backend.billing.models import CloseAnswer, CloseBody
from backend.closing.service import Closing
from backend.core.periods import valid_week
from backend.core.web import errors, part

router = APIRouter(prefix="/api", tags=["billing"])
Closer = Annotated[Caller, requires("billing.close")]
WeekPath = Annotated[str, Path(max_length=8)]


@router.post(
    "/billing/week/{week_key}/close", summary="Clore la semaine, d'un client ou de tous",
    responses=errors(400, 401, 403, 409),
)  # fmt: skip
async def close(
    week_key: WeekPath, body: CloseBody, closing: Annotated[Closing, part("closing")], caller: Closer
) -> CloseAnswer:
    week = valid_week(week_key) or week_key
    done = await closing.close(caller.scope, week, body, caller.email)
    closed = sum(one.closed for one in done)
    refused = sum(bool(one.refused) for one in done)
    return CloseAnswer(success=not refused, week_key=week, closed=closed, refused=refused, clients=done)
