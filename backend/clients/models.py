"""Shapes of a client: what is stored, what travels."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, Protocol

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from backend.clients.push import Push
from backend.clients.push import State as PushState
from backend.core.addresses import BadAddress, target
from backend.core.companies import Postcode, Siren, TvaNumber
from backend.core.money import Money, decimal_given
from backend.core.mongo import Tx
from backend.core.text import AdminBody, Email, FilledLine, Line, LongText, OptionalEmail

ClientStatus = Literal["Normal", "VIP", "Watchlist", "Blocked"]
AccountingStatus = Literal["up_to_date", "late", "dispute"]


def day_given(value: Any) -> Any:
    """`AAAA-MM-JJ`, between 2000 and 2099."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        day = None
    if day is None or not 2000 <= day.year <= 2099:
        raise PydanticCustomError("date_parsing", "not a date")
    return day.isoformat()


def one_address(value: str) -> str:
    """Exactly one address with an ASCII local part."""
    if not value.isascii() or any(char in ',;:<>()[]"\\ ' for char in value):
        raise PydanticCustomError("email", "not one address")
    return value


def https_url(value: str) -> str:
    """Empty, or an https address that may be called (the name is resolved at each call)."""
    if value:
        try:
            target(value)
        except BadAddress as exc:
            raise ValueError(str(exc)) from None
    return value


Address = Annotated[Email, AfterValidator(one_address)]
OptionalAddress = Annotated[OptionalEmail, AfterValidator(one_address), Field(description="Vide : celle du client")]
Addresses = Annotated[list[Address], Field(max_length=20)]
Url = Annotated[Line, AfterValidator(https_url)]
Percent = Annotated[Decimal, BeforeValidator(decimal_given), Field(ge=0, le=100, max_digits=5, decimal_places=2)]
Amount = Annotated[
    Decimal, BeforeValidator(decimal_given), Field(ge=0, le=Decimal("9999999.99"), max_digits=9, decimal_places=2)
]
Day = Annotated[str, BeforeValidator(day_given)]
DeliveryMode = Literal["daily", "instant"]
"""`instant`: each lead leaves alone as soon as it is routed, on open days."""
PausedUntil = Annotated[Day | None, Field(description="Met en pause jusqu'à ce jour (Paris), où tout reprend à 00:05")]
Rating = Annotated[int, Field(ge=0, le=5)]
Tag = Annotated[FilledLine, StringConstraints(max_length=50)]
Terms = Annotated[int, Field(ge=0, le=365)]
Window = Annotated[int, Field(ge=0, le=90)]
Ignored = Annotated[float | int | str | None, Field(description="Accepté, ignoré", deprecated=True)]


class ClientCreate(AdminBody):
    """A new client. `return_window_days` 0 or null: the entity's."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"entity": "ZR7", "name": "Solaire du Midi", "email": "leads@solaire-midi.fr"}}
    )
    entity: Line | None = None
    name: FilledLine
    email: Address
    contact_name: Line = ""
    phone: Line = ""
    notes: LongText = ""
    api_endpoint: Url = ""
    api_key: Line = ""
    delivery_emails: Addresses = Field(default_factory=list)
    auto_send_enabled: bool = True
    delivery_mode: DeliveryMode = "daily"
    return_window_days: Window | None = None
    vat_rate: Percent = Decimal("20")
    payment_terms_days: Terms = 30
    siren: Siren = ""
    tva_number: TvaNumber = ""
    billing_address: Line = ""
    billing_postcode: Postcode = ""
    billing_city: Line = ""
    billing_email: OptionalAddress = ""
    default_prix_lead: Ignored = None
    remise_percent: Ignored = None


class ClientUpdate(AdminBody):
    """Any subset of the fields; null leaves a field as it is. `return_window_days` 0: the entity's again."""

    model_config = ConfigDict(json_schema_extra={"example": {"active": False}})
    name: FilledLine | None = None
    email: Address | None = None
    contact_name: Line | None = None
    phone: Line | None = None
    notes: LongText | None = None
    api_endpoint: Url | None = None
    api_key: Line | None = None
    delivery_emails: Addresses | None = None
    auto_send_enabled: bool | None = None
    delivery_mode: DeliveryMode | None = None
    return_window_days: Window | None = None
    vat_rate: Percent | None = None
    payment_terms_days: Terms | None = None
    siren: Siren | None = None
    tva_number: TvaNumber | None = None
    billing_address: Line | None = None
    billing_postcode: Postcode | None = None
    billing_city: Line | None = None
    billing_email: OptionalAddress | None = None
    active: bool | None = None
    paused_until: PausedUntil = None
    default_prix_lead: Ignored = None
    remise_percent: Ignored = None


class CrmBody(AdminBody):
    """What the sales team notes about a client; null leaves a field as it is."""

    model_config = ConfigDict(json_schema_extra={"example": {"client_status": "VIP", "global_rating": 5}})
    global_rating: Rating | None = None
    payment_rating: Rating | None = None
    lead_satisfaction_rating: Rating | None = None
    discount_pressure_rating: Rating | None = None
    client_status: ClientStatus | None = None
    payment_terms: Line | None = None
    payment_method: Line | None = None
    last_payment_date: Day | None = None
    last_payment_amount: Amount | None = None
    accounting_status: AccountingStatus | None = None
    tags: list[Tag] | None = Field(None, max_length=20)


class NoteBody(AdminBody):
    model_config = ConfigDict(json_schema_extra={"example": {"text": "Rappeler lundi."}})
    text: Annotated[LongText, StringConstraints(min_length=1, max_length=2000)]


class Note(BaseModel):
    id: str
    text: str
    author: str
    created_at: datetime


class Suspension(BaseModel):
    """A person keeps the day's batches from leaving, until midnight Paris at the end of the day `through`."""

    through: str
    reason: str = ""
    at: datetime
    by: str


class Client(BaseModel):
    """A buyer, as the rest of the house sees it; its API key and its notes stay in the store."""

    id: str
    entity: str
    name: str
    contact_name: str = ""
    email: str
    phone: str = ""
    delivery_emails: list[str] = Field(default_factory=list)
    email_keys: list[str] = Field(default_factory=list)
    api_endpoint: str = ""
    has_api_key: bool = False
    push: Push = Field(default_factory=Push)
    auto_send_enabled: bool = True
    delivery_mode: DeliveryMode = "daily"
    return_window_days: int | None = None
    vat_rate: Decimal = Decimal("20")
    payment_terms_days: int = 30
    siren: str = ""
    tva_number: str = ""
    billing_address: str = ""
    billing_postcode: str = ""
    billing_city: str = ""
    billing_email: str = ""
    notes: str = ""
    active: bool = True
    paused_until: str | None = Field(None, description="Jour de Paris où la pause se termine d'elle-même")
    global_rating: int | None = None
    payment_rating: int | None = None
    lead_satisfaction_rating: int | None = None
    discount_pressure_rating: int | None = None
    client_status: ClientStatus = "Normal"
    payment_terms: str = ""
    payment_method: str = ""
    last_payment_date: str | None = None
    last_payment_amount: Decimal | None = None
    accounting_status: AccountingStatus = "up_to_date"
    tags: list[str] = Field(default_factory=list)
    delivered_total: int = 0
    delivered_weeks: dict[str, int] = Field(default_factory=dict)
    last_delivery_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None = None
    suspended: Suspension | None = None
    """The last one asked for; over once its day is."""

    def suspension_on(self, day: date) -> Suspension | None:
        """What keeps its batches from leaving on that Paris day."""
        return self.suspended if self.suspended and day.isoformat() <= self.suspended.through else None

    @property
    def deleted(self) -> bool:
        return self.deleted_at is not None

    @property
    def instant(self) -> bool:
        """Its leads do not wait for the daily run."""
        return self.delivery_mode == "instant"

    @property
    def blocked(self) -> bool:
        return self.client_status == "Blocked"


class ClientAnswer(BaseModel):
    """A client over HTTP. Never its API key."""

    id: str
    entity: str
    name: str
    contact_name: str
    email: str
    phone: str
    delivery_emails: list[str]
    api_endpoint: str
    has_api_key: bool
    push_enabled: bool
    push_state: PushState
    push_reason: str
    auto_send_enabled: bool
    delivery_mode: str
    return_window_days: int | None
    vat_rate: Money
    payment_terms_days: int
    siren: str
    tva_number: str
    billing_address: str
    billing_postcode: str
    billing_city: str
    billing_email: str
    missing_to_invoice: list[str]
    notes: str
    active: bool
    paused_until: str | None
    global_rating: int | None
    payment_rating: int | None
    lead_satisfaction_rating: int | None
    discount_pressure_rating: int | None
    client_status: str
    payment_terms: str
    payment_method: str
    last_payment_date: str | None
    last_payment_amount: Money | None
    accounting_status: str
    tags: list[str]
    last_delivery_at: datetime | None
    created_at: datetime
    updated_at: datetime
    has_valid_channel: bool
    deliverable_reason: str | None
    deliverable_code: str | None
    total_leads_received: int
    total_leads_this_week: int
    suspension: Suspension | None = Field(description="L'envoi est suspendu jusqu'à la fin de ce jour")


class ClientDetail(ClientAnswer):
    """One client, with its internal notes, oldest first."""

    internal_notes: list[Note]


class Activity(BaseModel):
    id: str
    client_id: str
    action: str
    details: dict[str, Any]
    user: str
    created_at: datetime


class ClientPage(BaseModel):
    clients: list[ClientAnswer]
    count: int
    total: int
    total_capped: bool = False
    entity: str


class ClientOne(BaseModel):
    client: ClientDetail


class ClientSaved(BaseModel):
    success: bool = True
    client: ClientAnswer


class ClientDeleted(BaseModel):
    success: bool = True
    deleted_id: str


class NoteSaved(BaseModel):
    success: bool = True
    note: Note


class ActivityPage(BaseModel):
    activities: list[Activity]
    count: int
    total: int
    total_capped: bool = False


class OpenOrders(Protocol):
    """How many active commandes a client has; `bootstrap` gives it, commandes being above."""

    async def __call__(self, client_id: str, *, tx: Tx | None = None) -> int: ...
