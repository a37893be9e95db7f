"""Shapes of a person's preferences."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from backend.core.text import AdminBody

Name = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Hidden = Annotated[list[Name], Field(max_length=60)]
MOST_LISTS = 60


class TourKept(AdminBody):
    """How far the guided tour went. `step` -1: its panel is closed; `number`: which visit of the base."""

    asked: bool = False
    number: int = Field(0, ge=0, le=1000)
    step: int = Field(-1, ge=-1, le=20)
    done: Annotated[list[Name], Field(max_length=20)] = Field(default_factory=list)


class Given(BaseModel):
    """Each may be absent: never chosen. `columns`: those hidden, by list."""

    theme: Literal["light", "dark", "auto"] | None = None
    language: Literal["fr", "en"] | None = None
    rail: bool | None = Field(None, description="Menu réduit")
    compact: bool | None = Field(None, description="Lignes serrées")
    single_keys: bool | None = Field(None, description="Raccourcis d'une seule touche")
    tour: TourKept | None = None


class Preferences(Given):
    """What a person chose. `version` grows with each change."""

    columns: dict[str, list[str]] = Field(default_factory=dict)
    version: int = 0


class PreferencesChange(AdminBody, Given):
    """What is absent or null stays; the lists given are replaced, the others stay."""

    columns: Annotated[dict[Name, Hidden], Field(max_length=MOST_LISTS)] | None = None
