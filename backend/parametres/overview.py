"""Every setting of each entity in one answer, typed: what the page of settings shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import BaseModel, Field

from backend.parametres.calendar import Calendar
from backend.parametres.models import Form

AHEAD = 14
"""Days of the calendar shown ahead, today included."""


class Changed(BaseModel):
    """Who changed a setting, and when; empty while it has its default."""

    updated_at: datetime | None = None
    updated_by: str | None = None


class CalendarDay(BaseModel):
    day: date
    reason: str | None = Field(description="Pourquoi rien ne part ; absent quand le jour est ouvert")


class CalendarShown(Changed):
    enabled_days: list[int] = Field(description="0 est lundi")
    disabled_dates: list[date]
    opened_dates: list[date]
    holidays_closed: bool
    ahead: list[CalendarDay] = Field(default_factory=list, description="Aujourd'hui et les 13 jours suivants")


class DenylistShown(Changed):
    domains: list[str]
    simulation_mode: bool
    simulation_email: str


class DirectionsShown(BaseModel):
    in_enabled: bool
    out_enabled: bool


class SourceGatingShown(Changed):
    mode: Literal["blacklist", "whitelist"]
    blocked_sources: list[str]
    allowed_sources: list[str]


class OverlapGuardShown(Changed):
    enabled: bool


class ReturnWindowShown(Changed):
    days: int


class LegalShown(Changed):
    company_name: str
    legal_form: str
    capital: str | None
    siren: str
    siret: str
    rcs: str
    tva_number: str
    address: str
    address_extra: str
    postcode: str
    city: str
    phone: str
    billing_email: str
    iban: str
    bic: str
    late_penalty_rate: str
    recovery_indemnity: str
    discount_terms: str
    vat_on: Literal["debits", "encaissements"]
    operation_category: str
    internal_tva_rate: str
    payment_terms_days: int
    payment_terms: str
    missing: list[str] = Field(description="Ce qui manque pour émettre une facture")


class EntitySettings(BaseModel):
    entity: str
    delivery_calendar: CalendarShown
    email_denylist: DenylistShown
    cross_entity: DirectionsShown
    source_gating: SourceGatingShown
    overlap_guard: OverlapGuardShown
    return_window: ReturnWindowShown
    legal: LegalShown
    forms: list[Form]


class SettingsOverview(BaseModel):
    """`cross_entity_enabled`: the switch common to all, which only a super administrator turns."""

    cross_entity_enabled: bool
    entities: list[EntitySettings]


def ahead(calendar: Calendar, today: date) -> list[CalendarDay]:
    """The coming days of an entity, each with why it is closed."""
    days: Sequence[date] = [today + timedelta(days=n) for n in range(AHEAD)]
    return [CalendarDay(day=day, reason=calendar.closed_reason(day)) for day in days]
