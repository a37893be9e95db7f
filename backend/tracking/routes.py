"""HTTP of tracking: public, called by landing pages, `sendBeacon` included."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Cookie, Depends, Request, Response

from backend.core.web import client_ip, errors, part, raw_json, raw_json_schema
from backend.settings import Settings
from backend.tracking import rules
from backend.tracking.models import EventAnswer, EventAsk, SessionAnswer, SessionAsk, VisitAsk
from backend.tracking.service import TrackingService

router = APIRouter(prefix="/api/public/track", tags=["Suivi des pages"])
Service = Annotated[TrackingService, part("tracking")]
Config = Annotated[Settings, part("settings")]


async def _ip(request: Request, settings: Config) -> str:
    return client_ip(request, trust_proxy=settings.trust_proxy)


Ip = Annotated[str, Depends(_ip)]


@router.post(
    "/session", status_code=201, summary="Ouvrir ou retrouver la session d'un visiteur", response_model=SessionAnswer,
    responses={200: {"model": SessionAnswer}, **errors(413)}, openapi_extra=raw_json_schema(SessionAsk),
)  # fmt: skip
async def open_session(
    service: Service,
    settings: Config,
    ip: Ip,
    response: Response,
    ask: Annotated[SessionAsk, raw_json(SessionAsk)],
    visitor: Annotated[str | None, Cookie(alias=rules.COOKIE, include_in_schema=False)] = None,
) -> Any:
    visitor_id = rules.visitor_of(visitor)
    session, reused = await service.open_session(visitor_id, ask, ip)
    if visitor_id is None:
        response.headers.append("set-cookie", rules.visitor_cookie(session.visitor_id, https=settings.https))
    response.status_code = 200 if reused else 201
    return {**session.model_dump(), "session_id": session.id, "reused": reused}


@router.post(
    "/lp-visit", status_code=201, summary="Compter une page vue", response_model=EventAnswer,
    responses={200: {"model": EventAnswer}, **errors(404, 413)}, openapi_extra=raw_json_schema(VisitAsk),
)  # fmt: skip
async def visit(
    service: Service, ip: Ip, response: Response, ask: Annotated[VisitAsk, raw_json(VisitAsk)]
) -> EventAnswer:
    answer = await service.visit(ask, ip)
    response.status_code = 200 if answer.duplicate else 201
    return answer


@router.post(
    "/event", status_code=201, summary="Compter un événement", response_model=EventAnswer,
    responses={200: {"model": EventAnswer}, **errors(404, 413)}, openapi_extra=raw_json_schema(EventAsk),
)  # fmt: skip
async def event(
    service: Service, ip: Ip, response: Response, ask: Annotated[EventAsk, raw_json(EventAsk)]
) -> EventAnswer:
    answer = await service.event(ask, ip)
    response.status_code = 200 if answer.duplicate else 201
    return answer
