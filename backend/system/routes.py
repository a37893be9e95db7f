"""HTTP of the house itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter

from backend.accounts.caller import Caller, requires
from backend.core.web import errors, part
from backend.system.models import Alive, Health, Root, Version
from backend.system.service import SystemService

router = APIRouter(tags=["Système"])
System = Annotated[SystemService, part("system")]


@router.get("/", summary="Ce qu'est ce service")
async def root(system: System) -> Root:
    return system.root()


@router.get("/health", summary="Le service et sa base répondent", responses=errors())
async def alive(system: System) -> Alive:
    """503 when the base is out of reach."""
    await system.alive()
    return Alive(status="ok")


@router.get("/api/system/version", summary="Version en service")
async def version(system: System) -> Version:
    return await system.version()


@router.get("/api/system/health", summary="Santé de chaque module", responses=errors(401, 403))
async def health(system: System, caller: Annotated[Caller, requires("dashboard.view")]) -> Health:
    """The status is that of the worst module: error, degraded, warning, healthy. And the version in service."""
    return await system.health(caller.scope)
