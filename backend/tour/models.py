"""Shapes of the tour."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field


class TourLead(BaseModel):
    """A lead prepared for one visit: sold last week to `client_name`, who is about to refuse it."""

    number: int
    lead_id: str
    phone: str
    client_id: str
    client_name: str
    week: str
    taken_by: str = ""


class Tour(BaseModel):
    planted_at: datetime
    leads: list[TourLead]


class Resold(BaseModel):
    """The lead's new delivery after the rejection."""

    delivery_id: str
    client_name: str
    batch_id: str | None
    sent: bool
    downloaded: bool = Field(description="Le fichier de son lot a été téléchargé")


class TourState(BaseModel):
    """What the server knows of one visit: a step is done when it says so here."""

    number: int
    of: int
    phone: str = Field(description="Écrit comme une personne l'écrit")
    lead_id: str
    delivery_id: str | None = Field(description="La livraison à rejeter")
    client_id: str
    client_name: str
    week: str
    rejected: bool
    resold: Resold | None
    invoice_id: str | None
    issued: bool
