"""Shapes of commandes (weekly orders) and of their weekly counters."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, field_serializer

from backend.clients.models import PausedUntil
from backend.commandes import departements as areas
from backend.core import weeks
from backend.core.money import decimal_given
from backend.core.text import AdminBody, FilledLine, LongText

Produit = Literal["PV", "PAC", "ITE"]
PRODUITS: tuple[Produit, ...] = ("PV", "PAC", "ITE")


class Commande(BaseModel):
    """A client's standing weekly order for one product. `quota_semaine` 0 is unlimited."""

    id: str
    entity: str
    client_id: str
    produit: Produit
    departements: list[str]
    quota_semaine: int
    lb_target_pct: Decimal
    priorite: int
    active: bool
    paused_until: str | None = Field(None, description="Jour de Paris où la pause se termine d'elle-même")
    auto_renew: bool
    notes: str = ""
    opened_week: str = Field(description="Première semaine servie depuis la dernière ouverture")
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None

    @field_serializer("lb_target_pct", when_used="json")
    def _plain(self, value: Decimal) -> str:
        return plain(value)


class Counter(BaseModel):
    """The places of one commande in one Paris week: held (`used`, `lb`), ever taken, really sent and accepted."""

    model_config = ConfigDict(frozen=True)

    commande_id: str
    entity: str
    week: str
    cap: int | None
    cap_max: int | None = Field(description="Le plus grand quota que la semaine ait eu")
    fresh_cap: int | None
    used: int = 0
    lb: int = 0
    taken: int = 0
    sent: int = 0
    lb_sent: int = 0


def plain(value: Decimal) -> str:
    """A decimal without exponent or idle zeros: `0.2`, `0`, `1`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _areas(codes: list[str]) -> list[str]:
    unknown = [code for code in codes if not areas.orderable(code)]
    if unknown:
        raise ValueError(
            f"Département inconnu : {', '.join(unknown[:5])}. Attendu : 01 à 95, 2A, 2B, 20, 971 à 974, 976 ou *."
        )
    return areas.collapsed(codes)


def _week(value: str) -> str:
    try:
        monday = weeks.week_monday(value)
    except ValueError:
        monday = None
    if monday is None or not 2000 <= monday.year <= 2099:
        raise ValueError("Une semaine AAAA-Wnn est attendue, par exemple 2026-W11.")
    return weeks.week_of_day(monday)


def _day(value: date) -> date:
    if not 2000 <= value.year <= 2099:
        raise ValueError("Une date entre 2000 et 2099 est attendue.")
    return value


def _moment(value: datetime) -> datetime:
    _day(value.date())
    return value


Week = Annotated[str, AfterValidator(_week)]
Moment = Annotated[AwareDatetime, AfterValidator(_moment)]
Day = Annotated[date, AfterValidator(_day)]
"""A Paris day."""
Share = Annotated[Decimal, BeforeValidator(decimal_given), Field(ge=0, le=1, decimal_places=4)]
Ignored = Annotated[Decimal, BeforeValidator(decimal_given), Field(description="Accepté, ignoré")] | None
Areas = Annotated[
    list[Annotated[str, Field(max_length=3)]], Field(min_length=1, max_length=150), AfterValidator(_areas)
]
Quota = Annotated[int, Field(ge=0, le=1_000_000, description="Leads par semaine ; 0 : illimité")]
Priorite = Annotated[int, Field(ge=1, le=10, description="1 : servie en premier")]


class NewCommande(AdminBody):
    """Body of a creation."""

    entity: FilledLine | None = None
    client_id: FilledLine
    produit: Produit
    departements: Areas
    quota_semaine: Quota = 0
    lb_target_pct: Share = Decimal(0)
    priorite: Priorite = 5
    auto_renew: bool = True
    notes: LongText = ""
    prix_lead: Ignored = None
    lb_percent_max: Ignored = None
    remise_percent: Ignored = None

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "entity": "ZR7",
                "client_id": "6f1c2f0e-7a0b-4c55-9b53-0a6a5d3c9a11",
                "produit": "PV",
                "departements": ["13", "83", "84"],
                "quota_semaine": 50,
                "lb_target_pct": "0.2",
                "priorite": 3,
            }
        }
    )


class CommandeChange(AdminBody):
    """Body of a change: only the fields given are written."""

    departements: Areas | None = None
    quota_semaine: Quota | None = None
    lb_target_pct: Share | None = None
    priorite: Priorite | None = None
    auto_renew: bool | None = None
    notes: LongText | None = None
    active: bool | None = None
    paused_until: PausedUntil = None
    prix_lead: Ignored = None
    lb_percent_max: Ignored = None
    remise_percent: Ignored = None

    model_config = ConfigDict(json_schema_extra={"example": {"quota_semaine": 80, "lb_target_pct": "0.3"}})

    def given(self) -> dict[str, Any]:
        """The fields to write; a null or an ignored field changes nothing."""
        ignored = {"prix_lead", "lb_percent_max", "remise_percent"}
        return self.model_dump(exclude_unset=True, exclude_none=True, exclude=ignored)


class CommandeView(Commande):
    """A commande as it is listed, with its client and the counter of one week."""

    client_name: str
    week: str
    week_start: str
    leads_delivered_this_week: int
    lb_delivered_this_week: int
    reserved: int
    quota_remaining: int | None
    unlimited: bool


class CommandeList(BaseModel):
    commandes: list[CommandeView]
    count: int
    total: int
    total_capped: bool = False
    entity: str


class OneCommande(BaseModel):
    commande: CommandeView


class SavedCommande(BaseModel):
    success: bool = True
    commande: CommandeView
    reserved_leads: int | None = Field(None, description="À la mise en pause : leads réservés qui seront libérés")


class Toggled(BaseModel):
    success: bool = True
    active: bool
    reserved_leads: int | None = None


class Deleted(BaseModel):
    success: bool = True
    deleted_id: str
    reserved_leads: int


class AreaList(BaseModel):
    departements: list[str]
    names: dict[str, str]
    count: int
    note: str


class ProductList(BaseModel):
    products: list[str]
    note: str


class WeekOfOrder(BaseModel):
    """Places held and leads sent of one week. All null: the commande was not open yet. `quota` null too: unlimited."""

    week: str
    delivered: int | None
    reserved: int | None
    quota: int | None


class WeekDelivered(BaseModel):
    week_offset: int
    week: str
    delivered: int


class CurrentWeek(BaseModel):
    start: str
    week: str
    delivered: int
    lb_delivered: int
    reserved: int
    quota: int


class CommandeStats(BaseModel):
    commande_id: str
    current_week: CurrentWeek
    total_delivered: int
    reserved_leads: int = Field(description="Leads réservés pas encore partis : ce qu'une mise en pause libérerait")
    last_4_weeks: list[WeekDelivered]
    weeks: list[WeekOfOrder] = Field(description="Les huit dernières semaines, celle en cours comprise")


class LbLine(BaseModel):
    """How a commande follows its LB target in one week. Shares are decimal strings of four places."""

    commande_id: str
    entity: str
    client_name: str
    produit: Produit
    quota_semaine: int
    lb_target_pct: str
    units_accepted: int
    lb_accepted: int
    fresh_accepted: int
    actual_lb_pct: str
    delta: str
    status: Literal["on_target", "over", "under"]


class LbMonitor(BaseModel):
    week_key: str
    scope: str
    commandes: list[LbLine]
    count: int
    total: int
    total_capped: bool = False
