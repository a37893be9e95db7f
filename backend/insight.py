"""Builds the parts that read across the house for `bootstrap`: what sources are worth, what leads cost and bring."""

from __future__ import annotations

from typing import Protocol

from backend.audit.service import AuditService
from backend.clients.service import ClientsService
from backend.core.clock import Clock
from backend.core.mongo import Mongo
from backend.margin import store as margin_store
from backend.margin.service import MarginService
from backend.providers.service import ProvidersService
from backend.quality import store as quality_store
from backend.quality.service import QualityService

INDEXES = (quality_store.INDEXES, margin_store.INDEXES)


class Ground(Protocol):
    """What is looked into: the parts that `bootstrap` has built by then."""

    mongo: Mongo
    clock: Clock
    audit: AuditService
    clients: ClientsService
    providers: ProvidersService


def look(on: Ground) -> tuple[QualityService, MarginService]:
    quality = QualityService(quality_store.QualityStore(on.mongo), on.clock)
    costs = margin_store.MarginStore(on.mongo)
    return quality, MarginService(on.mongo, costs, on.clock, on.audit, on.clients, on.providers)
