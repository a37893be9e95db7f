"""Shapes of the settings: what is stored (`settings`, `forms`), what travels, and the view the others read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from backend.core.companies import Bic, Iban, Postcode, Siren, Siret, TvaNumber
from backend.core.money import decimal_given
from backend.core.text import AdminBody, Email, FilledLine, Line, OptionalEmail, clean, one_line
from backend.parametres.calendar import Calendar
from backend.parametres.legal import Legal, legal_of

Produit = Literal["PV", "PAC", "ITE"]
Key = Literal[
    "cross_entity", "source_gating", "email_denylist", "delivery_calendar", "overlap_guard", "return_window", "legal"
]
_DAY = re.compile(r"20\d\d-\d\d-\d\d")
_DOMAIN = re.compile(r"(?!-)[\w-]{1,63}(\.(?!-)[\w-]{1,63})*")


def day_text(value: str) -> str:
    """`AAAA-MM-JJ` between 2000 and 2099, kept as text: a Paris day has no hour."""
    try:
        if _DAY.fullmatch(value):
            return date.fromisoformat(value).isoformat()
    except ValueError:
        pass
    raise PydanticCustomError("date_parsing", "not a date")


def domain_text(value: str) -> str:
    """A bare domain in lower case; `@exemple.fr` is understood."""
    domain = value.casefold().removeprefix("@")
    if len(domain) > 253 or not _DOMAIN.fullmatch(domain):
        raise ValueError("Nom de domaine attendu, par exemple mailinator.com.")
    return domain


DayText = Annotated[str, StringConstraints(strict=True, max_length=10), AfterValidator(day_text)]
Domain = Annotated[Line, AfterValidator(domain_text)]
Weekday = Annotated[int, Field(ge=0, le=6)]
Rate = Annotated[Decimal, BeforeValidator(decimal_given), Field(ge=0, le=100, max_digits=5, decimal_places=2)]
Capital = Annotated[Decimal, BeforeValidator(decimal_given), Field(ge=0, max_digits=14, decimal_places=2)]
Indemnity = Annotated[Decimal, BeforeValidator(decimal_given), Field(ge=40, max_digits=6, decimal_places=2)]
FormCode = Annotated[
    str,
    StringConstraints(strict=True, min_length=1, max_length=64),
    AfterValidator(clean),
    AfterValidator(one_line),
    StringConstraints(min_length=1),
]


class OfEntity(AdminBody):
    """A write names its entity when the caller looks at both."""

    entity: Line | None = None


class Directions(AdminBody):
    """Whether an entity takes leads from the others, and gives its own; what is omitted is kept."""

    in_enabled: bool | None = None
    out_enabled: bool | None = None


class CrossEntityBody(AdminBody):
    model_config = ConfigDict(
        json_schema_extra={"example": {"cross_entity_enabled": True, "per_entity": {"ZR7": {"out_enabled": False}}}}
    )
    cross_entity_enabled: bool | None = None
    per_entity: dict[Line, Directions] | None = Field(None, max_length=50)


class SourceGatingBody(OfEntity):
    """`blacklist`: `blocked_sources` are held. `whitelist`: only `allowed_sources` pass. Empty sources always pass."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"mode": "blacklist", "blocked_sources": ["achat-fichier"]}}
    )
    mode: Literal["blacklist", "whitelist"] = "blacklist"
    blocked_sources: list[Line] | None = Field(None, max_length=500)
    allowed_sources: list[Line] | None = Field(None, max_length=500)


class FormRow(AdminBody):
    form_code: FormCode
    entity: Line | None = None
    produit: Produit


class FormsBody(OfEntity):
    model_config = ConfigDict(
        json_schema_extra={"example": {"forms": [{"form_code": "LP-PV-01", "entity": "ZR7", "produit": "PV"}]}}
    )
    forms: list[FormRow] = Field(max_length=500)


class DenylistBody(OfEntity):
    model_config = ConfigDict(
        json_schema_extra={"example": {"domains": ["mailinator.com"], "simulation_mode": False}},
    )
    domains: list[Domain] | None = Field(None, max_length=1000)
    simulation_mode: bool | None = None
    simulation_email: Email | None = None


class CalendarBody(OfEntity):
    model_config = ConfigDict(
        json_schema_extra={
            "example": {"entity": "ZR7", "enabled_days": [0, 1, 2, 3, 4], "disabled_dates": ["2026-12-24"]}
        }
    )
    enabled_days: list[Weekday] | None = Field(None, max_length=7)
    disabled_dates: list[DayText] | None = Field(None, max_length=400)
    opened_dates: list[DayText] | None = Field(None, max_length=400)
    holidays_closed: bool | None = None


class OverlapGuardBody(OfEntity):
    model_config = ConfigDict(json_schema_extra={"example": {"enabled": True}})
    enabled: bool


class ReturnWindowBody(OfEntity):
    """Days, to the end of the last Paris day, in which a client may refuse a lead."""

    model_config = ConfigDict(json_schema_extra={"example": {"days": 7}})
    days: int = Field(ge=1, le=90)


class LegalBody(OfEntity):
    """What the entity prints on its invoices; what is omitted is kept, an empty text clears."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "company_name": "ZR7 Exemple",
                "legal_form": "SAS",
                "capital": "10000.00",
                "siren": "000000034",
                "tva_number": "FR17000000034",
                "iban": "FR7630006000011234567890189",
            }
        }
    )
    company_name: Line | None = None
    legal_form: Line | None = None
    capital: Capital | None = None
    siren: Siren | None = None
    siret: Siret | None = None
    rcs: Line | None = None
    tva_number: TvaNumber | None = None
    address: Line | None = None
    address_extra: Line | None = None
    postcode: Postcode | None = None
    city: Line | None = None
    phone: Line | None = None
    billing_email: OptionalEmail | None = None
    iban: Iban | None = None
    bic: Bic | None = None
    late_penalty_rate: FilledLine | None = None
    recovery_indemnity: Indemnity | None = None
    discount_terms: FilledLine | None = None
    vat_on: Literal["debits", "encaissements"] | None = None
    operation_category: FilledLine | None = None
    internal_tva_rate: Rate | None = None
    payment_terms_days: int | None = Field(None, ge=0, le=60)
    payment_terms: Line | None = None


DEFAULTS: Mapping[Key, Mapping[str, Any]] = {
    "cross_entity": {"in_enabled": True, "out_enabled": True},
    "source_gating": {"mode": "blacklist", "blocked_sources": [], "allowed_sources": []},
    "email_denylist": {
        "domains": ["example.com", "test.com", "localhost", "invalid", "fake.com", "temp.com", "mailinator.com"],
        "simulation_mode": False,
        "simulation_email": "",
    },
    "delivery_calendar": {
        "enabled_days": [0, 1, 2, 3, 4],
        "disabled_dates": [],
        "opened_dates": [],
        "holidays_closed": True,
    },
    "overlap_guard": {"enabled": True},
    "return_window": {"days": 7},
    "legal": asdict(Legal()),
}


class Setting(BaseModel):
    """One stored settings document; `entity` is empty for what belongs to all."""

    entity: str | None
    key: str
    values: dict[str, Any]
    updated_at: datetime | None = None
    updated_by: str | None = None
    created_at: datetime | None = None


class Form(BaseModel):
    """A landing page's form: which entity and product its leads are for."""

    code: str
    entity: str
    produit: Produit


@dataclass(frozen=True, slots=True)
class Parametres:
    """Every setting at one moment, read from memory by the hot paths."""

    calendars: Mapping[str, Calendar]
    cross_entity_enabled: bool
    values: Mapping[tuple[str, str], Mapping[str, Any]]
    forms: Mapping[str, Form]
    consent: Mapping[str, Literal["record", "require"]] = field(default_factory=dict)
    gone: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def _of(self, entity: str, key: Key) -> Mapping[str, Any]:
        return self.values.get((entity, key), DEFAULTS[key])

    def calendar(self, entity: str) -> Calendar:
        return self.calendars[entity]

    def crossing(self, from_entity: str, to_entity: str) -> bool:
        """Whether a lead of `from_entity` may be sold by `to_entity`."""
        gives = self._of(from_entity, "cross_entity")["out_enabled"]
        takes = self._of(to_entity, "cross_entity")["in_enabled"]
        return bool(self.cross_entity_enabled and gives and takes)

    def source_blocked(self, entity: str, source: str) -> bool:
        """Whether leads of this source are held; the case does not count, an empty source passes."""
        gate = self._of(entity, "source_gating")
        name = source.strip().casefold()
        if not name:
            return False
        if gate["mode"] == "whitelist":
            return name not in {one.casefold() for one in gate["allowed_sources"]}
        return name in {one.casefold() for one in gate["blocked_sources"]}

    def form(self, code: str) -> Form | None:
        return self.forms.get(code.strip())

    def denylist(self, entity: str) -> frozenset[str]:
        """Domains that are never written to, in lower case."""
        return frozenset(self._of(entity, "email_denylist")["domains"])

    def suppressed(self, entity: str) -> frozenset[str]:
        """Addresses that a server said do not exist, in lower case: not written to until lifted."""
        return self.gone.get(entity, frozenset())

    def simulation(self, entity: str) -> str | None:
        """The address that receives everything while the entity is in simulation; None outside."""
        mode = self._of(entity, "email_denylist")
        return str(mode["simulation_email"]) if mode["simulation_mode"] else None

    def overlap_guard(self, entity: str) -> bool:
        return bool(self._of(entity, "overlap_guard")["enabled"])

    def consent_mode(self, entity: str) -> Literal["record", "require"]:
        return self.consent.get(entity, "record")

    def legal(self, entity: str) -> Legal:
        return legal_of(self._of(entity, "legal"))

    def return_window_days(self, entity: str) -> int:
        return int(self._of(entity, "return_window")["days"])
