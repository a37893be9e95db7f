"""`/metrics`, for Prometheus."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse

from backend.core.web import client_ip, errors, part
from backend.metrics.service import MetricsService
from backend.settings import LOOPBACK, Settings

router = APIRouter(tags=["Système"])
Metrics = Annotated[MetricsService, part("metrics")]
_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@router.get("/metrics", summary="Mesures pour Prometheus", response_class=PlainTextResponse, responses=errors(401))
async def metrics(
    service: Metrics, settings: Annotated[Settings, part("settings")], request: Request
) -> PlainTextResponse:
    """From this machine, or with `Authorization: Bearer METRICS_TOKEN`."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    service.admit(local=_local(request, settings), given=given)
    return PlainTextResponse(await service.text(), media_type=_TYPE)


def _local(request: Request, settings: Settings) -> bool:
    """True when nobody stands between: a proxy on this machine calls from it for the whole world."""
    relayed = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    if relayed and not settings.trust_proxy:
        return False
    return client_ip(request, trust_proxy=settings.trust_proxy) in LOOPBACK
