"""Shapes of bulk actions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from backend.bulk.pasted import Verdict
from backend.core.text import AdminBody, Line, LongText
from backend.tasks.models import TaskShown

Id = Annotated[Line, StringConstraints(min_length=1, max_length=100)]
Ids = Annotated[list[Id], Field(max_length=1000)]


class Picked(AdminBody):
    """Which rows: `ids`, or with `all` everything that the list's own parameters find, but `except_ids`.

    `preview`: only say what would be done.
    """

    model_config = ConfigDict(json_schema_extra={"example": {"ids": ["6f1c"], "preview": True}})

    ids: Ids = Field(default_factory=list)
    all: bool = False
    except_ids: Ids = Field(default_factory=list)
    preview: bool = False


class Decided(Picked):
    """Which rows, and why."""

    reason: Line = ""
    reason_detail: LongText = ""


class Closed(Picked):
    """Which clients (`ids`); `issue`: their drafts are issued too."""

    issue: bool = False


class Pasted(AdminBody):
    """What a buyer wrote: any text with numbers in it, 10,000 characters at most."""

    model_config = ConfigDict(json_schema_extra={"example": {"text": "06.98.76.54.32 : faux numéro"}})

    text: Annotated[LongText, StringConstraints(min_length=1)]


class PastedDelivery(BaseModel):
    """`last_day`: until when the client may refuse it."""

    id: str
    contact: str
    produit: str
    departement: str
    sent_at: datetime | None
    last_day: date | None


class PastedLine(BaseModel):
    """One number of the text. `deliveries`: those to reject; several when it is `ambiguous`."""

    raw: str
    phone: str
    verdict: Verdict
    deliveries: list[PastedDelivery]


class PastedAnswer(BaseModel):
    client_id: str
    client_name: str
    entity: str
    window_days: int
    lines: list[PastedLine]


class IgnoredCount(BaseModel):
    code: str
    detail: str
    count: int


class EntityCount(BaseModel):
    """What becomes of the rows of one entity."""

    entity: str
    total: int
    doing: int
    ignored: list[IgnoredCount]


class BulkAnswer(BaseModel):
    """What is done (or would be), entity by entity, and the task that does it."""

    total: int
    doing: int
    entities: list[EntityCount]
    reserved_leads: int = Field(0, description="Leads réservés que la pause libère")
    task: TaskShown | None = None
