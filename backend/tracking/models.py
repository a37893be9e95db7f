"""Shapes of visitor sessions and of their events."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from backend.core.text import clean

CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "gclid", "fbclid")


def _text(value: Any) -> Any:
    return "" if value is None else value


Code = Annotated[str, BeforeValidator(_text), StringConstraints(strict=True, max_length=100), AfterValidator(clean)]
Campaign = Annotated[str, BeforeValidator(_text), StringConstraints(strict=True, max_length=500), AfterValidator(clean)]
Long = Annotated[str, BeforeValidator(_text), StringConstraints(strict=True, max_length=2000), AfterValidator(clean)]
SessionId = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=100), AfterValidator(clean)]
EventType = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=50, pattern=r"^[a-z0-9_]+$")]


class Origin(BaseModel):
    """Where a visitor comes from. Unknown fields are ignored: landing pages send what they have."""

    referrer: Long = ""
    user_agent: Long = ""
    utm_source: Campaign = ""
    utm_medium: Campaign = ""
    utm_campaign: Campaign = ""
    utm_content: Campaign = ""
    utm_term: Campaign = ""
    gclid: Campaign = ""
    fbclid: Campaign = ""


class SessionAsk(Origin):
    """A page opens a session."""

    lp_code: Code = ""
    form_code: Code = ""
    liaison_code: Code = ""

    model_config = ConfigDict(
        json_schema_extra={"example": {"lp_code": "LP-PV-13", "form_code": "F-PV", "utm_source": "meta"}}
    )


class VisitAsk(Origin):
    """A landing page was seen."""

    session_id: SessionId
    lp_code: Code = ""

    model_config = ConfigDict(
        json_schema_extra={"example": {"session_id": "6f1c2f0e-7a0b-4c55-9b53-0a6a5d3c9a11", "lp_code": "LP-PV-13"}}
    )


class EventAsk(BaseModel):
    """Something happened on a page. `lp_visit`, `cta_click` and `form_start` count once per session."""

    session_id: SessionId
    event_type: EventType
    lp_code: Code = ""
    form_code: Code = ""
    liaison_code: Code = ""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"session_id": "6f1c2f0e-7a0b-4c55-9b53-0a6a5d3c9a11", "event_type": "form_start"}
        }
    )


class VisitorSession(BaseModel):
    """One visit, as stored. `current` is true while it is the one that the same visitor and page get again."""

    id: str
    visitor_id: str
    lp_code: str = ""
    form_code: str = ""
    liaison_code: str = ""
    referrer: str = ""
    user_agent: str = ""
    utm_source: str = ""
    utm_medium: str = ""
    utm_campaign: str = ""
    utm_content: str = ""
    utm_term: str = ""
    gclid: str = ""
    fbclid: str = ""
    ip: str = ""
    status: Literal["active", "converted"] = "active"
    lead_id: str | None = None
    current: bool = False
    created_at: datetime


class SessionAnswer(BaseModel):
    success: bool = True
    session_id: str
    visitor_id: str
    lp_code: str
    form_code: str
    reused: bool = Field(False, description="Session du même visiteur et de la même page, de moins de 30 minutes")


class EventAnswer(BaseModel):
    success: bool = True
    event_id: str
    duplicate: bool = Field(False, description="Déjà compté pour cette session")
