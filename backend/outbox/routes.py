"""HTTP of the outbox: what waits, what failed, and what a person does about it."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, Query

from backend.accounts.caller import Caller, requires
from backend.core.errors import NotFound
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.hold.models import HoldState
from backend.outbox.desk import OutboxDesk
from backend.outbox.models import (
    CancelAsk,
    ChannelList,
    CorrectAsk,
    Corrected,
    MarkAsk,
    PauseAsk,
    Reconciliation,
    Requeued,
    Resolution,
    RowDetail,
    RowList,
    Said,
    State,
)
from backend.outbox.names import entity_of
from backend.outbox.service import OutboxService

router = APIRouter(prefix="/api/outbox", tags=["Envois"])
Outbox = Annotated[OutboxService, part("outbox")]
Desk = Annotated[OutboxDesk, part("outbox_desk")]
Viewer = Annotated[Caller, requires("outbox.view")]
Manager = Annotated[Caller, requires("outbox.manage")]


@router.get(
    "", summary="File des envois", response_model=RowList, responses=errors(401, 403), response_model_exclude_unset=True
)
async def rows(
    outbox: Outbox,
    desk: Desk,
    caller: Viewer,
    page: Annotated[Page, paged(50)],
    state: State | None = None,
    channel: Annotated[str | None, Query(max_length=60)] = None,
    kind: Annotated[str | None, Query(max_length=60)] = None,
    client_id: Annotated[str | None, Query(max_length=64)] = None,
) -> dict[str, Any]:
    """Newest first, with the rows in each state (counted up to 10,000), the channels, and whether all is held."""
    found = await outbox.page(caller.scope, page, state=state, channel=channel, kind=kind, client_id=client_id)
    waiting = {"oldest_waiting_s": await outbox.oldest_waiting_s(caller.scope)}
    house = {"channels": await outbox.channels(caller.scope), "hold": (await desk.held()).model_dump()}
    return found.answer("rows") | {"counts": await outbox.counts(caller.scope)} | waiting | house


@router.get("/reconciliation", summary="Ce qui est peut-être déjà parti (retenue)", responses=errors(401, 403))
async def reconciliation(desk: Desk, caller: Viewer, page: Annotated[Page, paged(50)]) -> Reconciliation:
    """After a restoration: each row that waited, was leaving or was uncertain when the house was held."""
    held, found = await desk.reconciliation(caller.scope, page)
    hold = HoldState(held=True, **held.model_dump()) if held else HoldState(held=False)
    return Reconciliation(hold=hold, **found.answer("rows"))


@router.get("/channels", summary="Canaux d'envoi", response_model=ChannelList, responses=errors(401, 403))
async def channels(outbox: Outbox, caller: Viewer) -> dict[str, Any]:
    return {"channels": await outbox.channels(caller.scope)}


@router.post("/channels/{channel}/pause", summary="Mettre un canal en pause", responses=errors(401, 403, 404))
async def pause(outbox: Outbox, caller: Manager, channel: str, body: PauseAsk) -> Said:
    """Its rows wait, and spend no attempt."""
    _visible(caller, channel)
    await outbox.pause(channel, body.reason, caller.email)
    return Said(state="paused")


@router.post("/channels/{channel}/resume", summary="Rouvrir un canal", responses=errors(401, 403, 404))
async def resume(outbox: Outbox, caller: Manager, channel: str) -> Said:
    """Its rows are due at once; each is sent once."""
    _visible(caller, channel)
    await outbox.resume(channel, caller.email)
    return Said(state="active")


@router.post(
    "/channels/{channel}/requeue", summary="Reprendre tous les échecs d'un canal", responses=errors(401, 403, 404)
)
async def requeue_channel(desk: Desk, caller: Manager, channel: str) -> Requeued:
    """All that failed or died on it is sent again."""
    _visible(caller, channel)
    return await desk.requeue_channel(caller.scope, channel, caller.email)


@router.get("/{row_id}", summary="Un envoi et ses tentatives", responses=errors(401, 403, 404))
async def one(outbox: Outbox, caller: Viewer, row_id: str) -> RowDetail:
    return await outbox.detail(caller.scope, row_id)


@router.post("/{row_id}/resolve", summary="Trancher un envoi incertain", responses=errors(401, 403, 404, 409))
async def resolve(outbox: Outbox, caller: Manager, row_id: str, body: Resolution) -> Said:
    """`sent`, `failed`, or `resend` once the quarantine of 15 minutes is over."""
    row = await outbox.resolve(caller.scope, row_id, caller.email, body.verdict, body.note)
    return Said(state=row.state)


@router.post(
    "/{row_id}/mark-sent", summary="Marquer un envoi retenu comme déjà parti", responses=errors(401, 403, 404, 409)
)
async def mark_sent(desk: Desk, caller: Manager, row_id: str, body: MarkAsk) -> Said:
    """With its evidence, while the house is held; its deliveries are sent, at the moment given."""
    row = await desk.mark_sent(caller.scope, row_id, caller.email, body.note, body.sent_at)
    return Said(state=row.state)


@router.post("/{row_id}/requeue", summary="Reprendre un envoi", responses=errors(401, 403, 404, 409))
async def requeue(desk: Desk, caller: Manager, row_id: str) -> Said:
    """What failed, died or was cancelled goes back in line."""
    return Said(state=(await desk.requeue(caller.scope, row_id, caller.email)).state)


@router.post("/{row_id}/cancel", summary="Annuler un envoi", responses=errors(401, 403, 404, 409))
async def cancel(desk: Desk, caller: Manager, row_id: str, body: Annotated[CancelAsk | None, Body()] = None) -> Said:
    """What nobody is sending will never leave."""
    row = await desk.cancel(caller.scope, row_id, caller.email, body.reason if body else "")
    return Said(state=row.state)


@router.post(
    "/{row_id}/correct-recipient",
    status_code=201,
    summary="Envoyer à une autre adresse du client",
    responses=errors(401, 403, 404, 409),
)
async def correct_recipient(desk: Desk, caller: Manager, row_id: str, body: CorrectAsk) -> Corrected:
    """Same contents, same file: a new row replaces this one."""
    row = await desk.correct_recipient(caller.scope, row_id, body.to, caller.email)
    return Corrected(row_id=row.id, state=row.state)


def _visible(caller: Caller, channel: str) -> None:
    if not caller.scope.allows(entity_of(channel)):
        raise NotFound("Ce canal n'existe pas.")
