"""`POST /api/public/leads`."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Header, Request, Response
from fastapi.responses import JSONResponse

from backend.accounts.caller import Caller, requires
from backend.core.errors import InvalidInput, Unauthenticated
from backend.core.web import client_ip, errors, part, raw_json_schema, read_json
from backend.intake.models import Answer, Entered, EntryBody, Source, SubmitBody
from backend.intake.service import IntakeService
from backend.providers.service import ProvidersService

router = APIRouter(prefix="/api/public", tags=["public"])
desk = APIRouter(prefix="/api/leads", tags=["leads"])
_KEY = re.compile(r"^[\x21-\x7e]{1,200}$")


_HEADERS = [
    {"name": name, "in": "header", "description": told, "schema": {"type": "string", "default": ""}}
    for name, told in (
        ("authorization", "Clé de fournisseur : Bearer prov_..."),
        ("idempotency-key", "Même clé, même demande : une seule fois, 24 h"),
    )
]


@router.post(
    "/leads",
    status_code=201,
    summary="Déposer un lead",
    responses={
        200: {"model": Answer, "description": "Déjà reçu"},
        201: {"model": Answer},
        **errors(401, 409, 413, 429),
    },
    openapi_extra={"parameters": _HEADERS, **raw_json_schema(SubmitBody)},
)
async def submit(request: Request) -> JSONResponse:
    """Reads its request and writes its answer itself: declared to FastAPI, they cost more than storing the lead."""
    parts, key = request.app.state.parts, request.headers.get("idempotency-key", "")
    body = await read_json(request, SubmitBody)
    if key and not _KEY.match(key):
        raise InvalidInput({"Idempotency-Key": "1 à 200 caractères visibles."})
    bearer = request.headers.get("authorization", "")
    source = await identify(request, body.api_key, bearer, key, parts.intake, parts.providers)
    received = await parts.intake.submit(body, source)
    return JSONResponse(received.body, received.status)


@desk.post("", status_code=201, summary="Saisir un lead", responses={200: {"model": Entered}, **errors(400, 401, 403)})
async def enter(
    body: EntryBody,
    caller: Annotated[Caller, requires("leads.edit_status")],
    intake: Annotated[IntakeService, part("intake")],
    response: Response,
    idempotency_key: Annotated[str, Header(description="Même clé, même saisie : une seule fois, 24 h")] = "",
) -> Entered:
    if idempotency_key and not _KEY.match(idempotency_key):
        raise InvalidInput({"Idempotency-Key": "1 à 200 caractères visibles."})
    entered = await intake.enter(caller, body, idempotency_key)
    response.status_code = 200 if entered.already else 201
    return entered


async def identify(
    request: Request,
    body_key: str,
    header: str,
    idempotency_key: str,
    intake: IntakeService,
    providers: ProvidersService,
) -> Source:
    """The provider whose key is in the body, else in the header; anybody else is `public`."""
    key = body_key or header.removeprefix("Bearer ").strip()
    noted: dict[str, Any] = {
        "ip": client_ip(request, trust_proxy=request.app.state.parts.settings.trust_proxy),
        "user_agent": request.headers.get("user-agent", "")[:500],
        "idempotency_key": idempotency_key,
    }
    if not key.startswith("prov_"):
        return Source(slug="public", keyed=bool(body_key), **noted)
    try:
        provider = await providers.authenticate(key)
    except Unauthenticated:
        await intake.refuse("unknown", "invalid_api_key")
        raise
    providers.throttle(provider)
    return Source(
        slug=f"provider:{provider.slug}",
        keyed=True,
        provider_id=provider.id,
        provider_slug=provider.slug,
        entity=provider.entity,
        test_mode=provider.test_mode,
        **noted,
    )
