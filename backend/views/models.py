"""Shapes of saved views."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.core.text import AdminBody, FilledLine, Line

ListName = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Title = Annotated[FilledLine, StringConstraints(max_length=60)]
Filters = Annotated[
    dict[ListName, Annotated[list[FilledLine], Field(min_length=1, max_length=120)]], Field(max_length=20)
]


class ViewBody(AdminBody):
    """A view of a list. `hidden` null: the columns stay as the person has them."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"list_name": "leads", "name": "PAC du 34", "filters": {"produit": ["PAC"]}}}
    )

    list_name: ListName
    name: Title
    filters: Filters = Field(default_factory=dict)
    search: Line = ""
    sort: Line = ""
    hidden: Annotated[list[ListName], Field(max_length=60)] | None = None


class ViewChange(AdminBody):
    """A new name; the rest of a view is saved as another."""

    name: Title


class View(BaseModel):
    id: str
    list_name: str
    name: str
    filters: dict[str, list[str]]
    search: str
    sort: str
    hidden: list[str] | None
    created_at: datetime


class ViewPage(BaseModel):
    views: list[View]
    count: int
    total: int
    total_capped: bool = False


class ViewSaved(BaseModel):
    success: bool = True
    view: View
