"""HTTP of imports: a template to fill, a file to check, then to write."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response

from backend.accounts.caller import Caller, requires
from backend.core import sheets
from backend.core.web import errors, part
from backend.imports.models import ImportAnswer, ImportAsk, Kind
from backend.imports.service import ImportsService

router = APIRouter(prefix="/api/imports", tags=["imports"])
Service = Annotated[ImportsService, part("imports")]
Clients = Annotated[Caller, requires("clients.create")]
Commandes = Annotated[Caller, requires("commandes.create")]
Prices = Annotated[Caller, requires("billing.manage")]
KNOWN: dict[str, Any] = {"responses": errors(400, 401, 403, 409)}
FILE: dict[str, Any] = {"responses": errors(401, 403), "response_class": Response}


async def _ask(service: ImportsService, caller: Caller, kind: Kind, body: ImportAsk, out: Response) -> ImportAnswer:
    answer = await service.ask(caller, kind, body)
    out.status_code = 202 if answer.task else 200
    return answer


def _template(service: ImportsService, kind: Kind) -> Response:
    name = {"clients": "clients", "commandes": "commandes", "prices": "tarifs"}[kind]
    headers = sheets.attached(f"modele_{name}.csv")
    return Response(service.template(kind), media_type=sheets.MEDIA, headers=headers)


@router.post("/clients", summary="Vérifier ou importer des clients", **KNOWN)
async def clients(body: ImportAsk, service: Service, caller: Clients, out: Response) -> ImportAnswer:
    return await _ask(service, caller, "clients", body, out)


@router.post("/commandes", summary="Vérifier ou importer des commandes", **KNOWN)
async def commandes(body: ImportAsk, service: Service, caller: Commandes, out: Response) -> ImportAnswer:
    return await _ask(service, caller, "commandes", body, out)


@router.post("/prices", summary="Vérifier ou importer des tarifs", **KNOWN)
async def prices(body: ImportAsk, service: Service, caller: Prices, out: Response) -> ImportAnswer:
    return await _ask(service, caller, "prices", body, out)


@router.get("/clients/template", summary="Modèle de fichier de clients", **FILE)
async def clients_template(service: Service, caller: Clients) -> Response:
    return _template(service, "clients")


@router.get("/commandes/template", summary="Modèle de fichier de commandes", **FILE)
async def commandes_template(service: Service, caller: Commandes) -> Response:
    return _template(service, "commandes")


@router.get("/prices/template", summary="Modèle de fichier de tarifs", **FILE)
async def prices_template(service: Service, caller: Prices) -> Response:
    return _template(service, "prices")
