"""Consent (rule 20): what the prospect was shown and accepted, kept as evidence."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from backend.core.text import Instant, Line, LongText


class Box(BaseModel):
    """One checkbox as it was when the form was sent."""

    model_config = ConfigDict(strict=True, extra="forbid")
    name: Line
    checked: bool


class ConsentBody(BaseModel):
    """What a landing page or a provider sends of the consent."""

    model_config = ConfigDict(
        strict=True,
        extra="forbid",
        json_schema_extra={
            "example": {
                "given": True,
                "text": "J'accepte d'être rappelée au sujet de mon projet.",
                "at": "2026-03-11T08:59:30+00:00",
                "url": "https://pv.exemple.fr/formulaire",
            }
        },
    )
    given: bool | None = None
    text: LongText = ""
    boxes: list[Box] = Field(default_factory=list, max_length=50)
    at: Instant | None = None
    url: Line | LongText = ""
    partners: list[Line] = Field(default_factory=list, max_length=200)
    ip: Line = ""
    user_agent: LongText = ""


class Consent(BaseModel):
    """The evidence as stored. `ip` and `user_agent` are noted by us, or sent by a provider."""

    rgpd_consent: bool = False
    given: bool | None = None
    text: str = ""
    boxes: list[Box] = Field(default_factory=list)
    at: datetime | None = None
    url: str = ""
    partners: list[str] = Field(default_factory=list)
    ip: str = ""
    user_agent: str = ""
    received_at: datetime | None = None
    origin: str = ""

    @property
    def proof(self) -> bool:
        """Complete evidence: given, with its text, its time and its page."""
        return bool(self.given and self.text and self.at and self.url)

    @property
    def refused(self) -> bool:
        """The prospect said no: never sold, whatever the mode."""
        return self.given is False


def hold_reason(consent: Consent, mode: str) -> str | None:
    """Why a lead must wait for its consent; None when it may be sold."""
    if consent.refused:
        return "consent_refused"
    return "consent_missing" if mode == "require" and not consent.proof else None
