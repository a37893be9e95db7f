"""Shapes of the reports of the daily run."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field


class EntityReport(BaseModel):
    """What a run did for one entity, in leads unless said otherwise. `closed`: why nothing left."""

    model_config = ConfigDict(extra="allow")

    closed: str | None = None
    lb_filled: int = 0
    fresh_filled: int = 0
    lb_shortfall: int = Field(0, description="LB voulus que le stock n'avait pas")
    revived: int = Field(0, description="Messages retentés")
    batches: int = Field(0, description="Lots faits")
    handed_over: int = Field(0, description="Leads remis à la file d'envoi")
    ready_to_send: int = Field(0, description="Leads prêts, à envoyer à la main")
    simulated: int = 0
    suspended: int = Field(0, description="Leads retenus par la suspension de leur client")
    cancelled: int = Field(0, description="Leads annulés, repartis au routage")


class Report(BaseModel):
    """One daily run. `routed`: leads that waited and found a buyer; absent in the scope of one entity."""

    model_config = ConfigDict(extra="allow")

    id: str
    slot: str
    run_at: datetime
    duration_seconds: float = 0
    routed: int | None = None
    entities: dict[str, EntityReport]


class ReportPage(BaseModel):
    reports: list[Report]
    count: int
    total: int
    total_capped: bool = False
