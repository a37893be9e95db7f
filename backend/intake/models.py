"""What `POST /api/public/leads` takes and answers."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from backend.commandes.models import Produit
from backend.core.text import AdminBody, Line, LongText, OptionalEmail, clean
from backend.leads.consent import ConsentBody

MAX_FIELDS = 64
MAX_BYTES = 8 * 1024
_ANSWERS = ("civilite", "ville", "adresse", "type_logement", "statut_occupant", "surface_habitable",
            "annee_construction", "type_chauffage", "facture_electricite", "facture_chauffage", "type_projet",
            "delai_projet", "budget", "newsletter")  # fmt: skip
Loose = Annotated[LongText, StringConstraints(max_length=500)]


class SubmitBody(BaseModel):
    """A lead, as a landing page or a provider sends it. Only the shape is refused; unknown fields are kept."""

    model_config = ConfigDict(
        strict=True,
        extra="allow",
        json_schema_extra={
            "example": {
                "session_id": "",
                "form_code": "LP-PV-01",
                "phone": "01 99 00 12 34",
                "nom": "Durand",
                "prenom": "Alice",
                "email": "alice.durand@example.org",
                "departement": "75",
                "entity": "ZR7",
                "produit": "PV",
                "consent": {
                    "given": True,
                    "text": "J'accepte d'être rappelée au sujet de mon projet.",
                    "at": "2026-03-11T08:59:30+00:00",
                    "url": "https://pv.exemple.fr/formulaire",
                },
            }
        },
    )

    session_id: Line = ""
    form_code: Line = ""
    phone: Line = ""
    nom: Line = ""
    prenom: Line = ""
    email: Line = ""
    departement: Line = ""
    code_postal: Line = ""
    civilite: Loose = ""
    ville: Loose = ""
    adresse: Loose = ""
    type_logement: Loose = ""
    statut_occupant: Loose = ""
    surface_habitable: Loose = ""
    annee_construction: Loose = ""
    type_chauffage: Loose = ""
    facture_electricite: Loose = ""
    facture_chauffage: Loose = ""
    type_projet: Loose = ""
    delai_projet: Loose = ""
    budget: Loose = ""
    lp_code: Line = ""
    liaison_code: Line = ""
    utm_source: Line = ""
    utm_medium: Line = ""
    utm_campaign: Line = ""
    entity: Line = ""
    produit: Line = ""
    api_key: Line = ""
    rgpd_consent: bool = False
    newsletter: bool = False
    consent: ConsentBody | None = None
    test: bool = False

    @model_validator(mode="before")
    @classmethod
    def _absent(cls, body: Any) -> Any:
        """A null field is an absent one: forms send them."""
        return {name: value for name, value in body.items() if value is not None} if isinstance(body, dict) else body

    @model_validator(mode="after")
    def _extras(self) -> SubmitBody:
        extra = self.model_extra or {}
        if len(extra) > MAX_FIELDS or len(json.dumps(extra, default=str).encode()) > MAX_BYTES:
            raise ValueError(f"Champs libres : {MAX_FIELDS} au plus, {MAX_BYTES // 1024} ko en tout.")
        for name, value in extra.items():
            _check_extra(name, value)
        return self

    @field_validator("entity", "produit")
    @classmethod
    def _upper(cls, value: str) -> str:
        return value.upper()

    def answers(self) -> dict[str, Any]:
        """The form's optional answers, and the fields nobody knows."""
        known = {name: getattr(self, name) for name in _ANSWERS}
        return {name: value for name, value in known.items() if value} | (self.model_extra or {})


def _check_extra(name: str, value: Any) -> None:
    clean(name)
    if not name or len(name) > 64 or "$" in name or "." in name:
        raise ValueError(f"Nom de champ refusé : {name[:40]!r}.")
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str):
            clean(item)
        elif isinstance(item, float) and not math.isfinite(item):
            raise ValueError(f"Nombre refusé dans {name[:40]}.")
        elif isinstance(item, int) and not -(2**63) <= item < 2**63:
            raise ValueError(f"Nombre trop grand dans {name[:40]}.")
        elif item is not None and not isinstance(item, (bool, int, float)):
            raise ValueError(f"Texte, nombre ou liste attendus dans {name[:40]}.")


@dataclass(frozen=True, slots=True)
class Source:
    """Who sends the lead. `slug` names the caller in claims and events; a provider fixes the entity."""

    slug: str
    ip: str
    user_agent: str
    idempotency_key: str = ""
    provider_id: str | None = None
    provider_slug: str | None = None
    entity: str | None = None
    test_mode: bool = False
    keyed: bool = False
    by_hand: bool = False

    @property
    def is_provider(self) -> bool:
        return self.provider_id is not None


class EntryBody(AdminBody):
    """A lead that a person enters. `departement` may be a postcode; `test` checks it and tells, selling nothing."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "entity": "ZR7",
                "produit": "PV",
                "phone": "01 99 00 12 34",
                "nom": "Durand",
                "departement": "34",
            }
        }
    )

    entity: Line | None = None
    produit: Produit
    phone: Line
    nom: Line
    prenom: Line = ""
    email: OptionalEmail = ""
    departement: Line
    consent: ConsentBody | None = None
    source: Line = "saisie"
    form_code: Line = ""
    test: bool = False


class Entered(BaseModel):
    """Where the lead stands. `would_status`: of a test, what it would have become."""

    success: bool = True
    lead_id: str
    status: str
    already: bool = Field(False, description="Cette demande avait déjà été reçue : rien n'a été ajouté")
    would_status: str | None = None


class Answer(BaseModel):
    """The answer to a submission. A provider also reads entity, produit and the routing reason."""

    success: bool = True
    lead_id: str
    status: str
    message: str
    reasons: dict[str, str] | None = None
    entity: str | None = None
    produit: str | None = None
    routing_reason: str | None = None
    would_route: bool | None = None
    would_status: str | None = None
    first_status: str | None = None


class Claim(BaseModel):
    """One way in which a submission can be the same as an earlier one. `seconds`: how long it counts."""

    key: str
    seconds: int = Field(ge=1)
    strict: bool = False


Claimed: TypeAlias = Mapping[str, Any]
"""A claim as it is stored."""


@dataclass(frozen=True, slots=True)
class Received:
    """`status` 201 for a lead stored now, 200 for one stored before."""

    status: int
    body: Mapping[str, Any]


@dataclass(slots=True)
class First:
    """What makes a submission the first one: its claims, the mark of its body; `known`: its claims as last read."""

    claims: list[Claim]
    mark: str
    known: Sequence[Claimed] = ()

    def taken(self, lead_id: str, now: datetime) -> list[dict[str, Any]]:
        """Its claims, as they are stored for that lead."""
        return [
            {
                "_id": one.key,
                "until": now + timedelta(seconds=one.seconds),
                "lead_id": lead_id,
                "fingerprint": self.mark,
                "strict": one.strict,
            }
            for one in self.claims
        ]

    def live(self, now: datetime) -> list[Claimed]:
        """Those of its claims that an earlier submission holds."""
        return [doc for doc in self.known if doc["until"] > now]
