"""HTTP of bulk actions. Their parameters are those of the list: what it shows is what `all` reaches."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Response

from backend.accounts.caller import Caller, requires
from backend.bulk.models import BulkAnswer, Closed, Decided, Pasted, PastedAnswer, Picked
from backend.bulk.service import BulkService
from backend.clients.routes import Wanted as ClientsWanted
from backend.commandes.routes import Wanted as CommandesWanted
from backend.core.periods import valid_week
from backend.core.web import errors, part
from backend.deliveries.routes import Wanted as DeliveriesWanted

router = APIRouter(prefix="/api", tags=["bulk"])
Service = Annotated[BulkService, part("bulk")]
Sender = Annotated[Caller, requires("deliveries.resend")]
Judge = Annotated[Caller, requires("deliveries.outcome")]
Editor = Annotated[Caller, requires("clients.edit")]
Switcher = Annotated[Caller, requires("commandes.activate_pause")]
Closer = Annotated[Caller, requires("billing.close")]
KNOWN: dict[str, Any] = {"responses": errors(400, 401, 403)}


def _status(response: Response, answer: BulkAnswer) -> BulkAnswer:
    """202 when a task was made, 200 when it was only a preview."""
    response.status_code = 202 if answer.task else 200
    return answer


@router.post("/deliveries/bulk/send", summary="Envoyer ou relancer des livraisons", **KNOWN)
async def send(body: Picked, wanted: DeliveriesWanted, service: Service, caller: Sender, out: Response) -> BulkAnswer:
    return _status(out, await service.deliveries(caller.looking_at(wanted.entity), "send", body, wanted.query))


@router.post("/deliveries/bulk/copy", summary="Renvoyer une copie de ce qui est parti", **KNOWN)
async def copy(body: Picked, wanted: DeliveriesWanted, service: Service, caller: Sender, out: Response) -> BulkAnswer:
    return _status(out, await service.deliveries(caller.looking_at(wanted.entity), "copy", body, wanted.query))


@router.post("/deliveries/bulk/reject", summary="Rejeter des livraisons, pour un motif", **KNOWN)
async def reject(body: Decided, wanted: DeliveriesWanted, service: Service, caller: Judge, out: Response) -> BulkAnswer:
    return _status(out, await service.deliveries(caller.looking_at(wanted.entity), "reject", body, wanted.query))


@router.post("/deliveries/bulk/remove", summary="Retirer des livraisons, pour un motif", **KNOWN)
async def remove(body: Decided, wanted: DeliveriesWanted, service: Service, caller: Judge, out: Response) -> BulkAnswer:
    return _status(out, await service.deliveries(caller.looking_at(wanted.entity), "remove", body, wanted.query))


async def _clients(service: BulkService, caller: Caller, wanted: Any, active: bool, body: Picked) -> BulkAnswer:
    asked = {"active_only": wanted.active_only, "search": wanted.search}
    return await service.clients(caller.looking_at(wanted.entity), active, body, **asked)


@router.post("/clients/bulk/activate", summary="Activer des clients", **KNOWN)
async def activate_clients(
    body: Picked, wanted: ClientsWanted, service: Service, caller: Editor, out: Response
) -> BulkAnswer:
    return _status(out, await _clients(service, caller, wanted, True, body))


@router.post("/clients/bulk/pause", summary="Mettre des clients en pause", **KNOWN)
async def pause_clients(
    body: Picked, wanted: ClientsWanted, service: Service, caller: Editor, out: Response
) -> BulkAnswer:
    return _status(out, await _clients(service, caller, wanted, False, body))


@router.post("/commandes/bulk/activate", summary="Activer des commandes", **KNOWN)
async def activate_commandes(
    body: Picked, wanted: CommandesWanted, service: Service, caller: Switcher, out: Response
) -> BulkAnswer:
    return _status(out, await service.commandes(caller.looking_at(wanted.entity), True, body, wanted.conditions()))


@router.post("/commandes/bulk/pause", summary="Mettre des commandes en pause", **KNOWN)
async def pause_commandes(
    body: Picked, wanted: CommandesWanted, service: Service, caller: Switcher, out: Response
) -> BulkAnswer:
    return _status(out, await service.commandes(caller.looking_at(wanted.entity), False, body, wanted.conditions()))


@router.post(
    "/clients/{client_id}/pasted-rejects", summary="Retrouver les livraisons d'un client dans un texte collé",
    responses=errors(401, 403, 404),
)  # fmt: skip
async def pasted(client_id: str, body: Pasted, service: Service, caller: Judge) -> PastedAnswer:
    """Says only; the rejection itself is `POST /api/deliveries/bulk/reject` with the ids kept."""
    return await service.pasted(caller, client_id, body.text)


@router.post(
    "/billing/week/{week_key}/bulk/close", summary="Clore la semaine de clients, et émettre",
    responses=errors(400, 401, 403, 409),
)  # fmt: skip
async def close(
    week_key: Annotated[str, Path(max_length=8)], body: Closed, service: Service, caller: Closer, out: Response
) -> BulkAnswer:
    return _status(out, await service.weeks(caller, valid_week(week_key) or week_key, body))
