"""Shapes of the search."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

Kind = Literal["lead", "delivery", "client", "commande", "invoice", "user"]
KINDS: tuple[Kind, ...] = ("lead", "delivery", "client", "commande", "invoice", "user")


class Hit(BaseModel):
    """One object. `title` is empty when it has no name; `status` is a value of its own list's states."""

    id: str
    title: str
    detail: str
    entity: str | None
    status: str


class Group(BaseModel):
    kind: Kind
    hits: list[Hit]
    more: bool = Field(description="Il y en a d'autres : la liste, avec la même recherche, les montre")


class Found(BaseModel):
    """What was found, by kind; a kind without anything is absent, and so is one that the caller may not read."""

    groups: list[Group]
