"""Shapes of imports."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from backend.core.text import AdminBody, Line, clean
from backend.tasks.models import TaskShown

Kind = Literal["clients", "commandes", "prices"]
MOST_ROWS = 5_000
MOST_TEXT = 800_000
SHOWN_ERRORS = 200

Text = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=MOST_TEXT), AfterValidator(clean),
    Field(description="Le fichier CSV, en-têtes compris"),
]  # fmt: skip


class ImportAsk(AdminBody):
    """A file, and which of its columns is which field; without `mapping` it is guessed from the titles."""

    model_config = ConfigDict(json_schema_extra={"example": {"entity": "ZR7", "text": "Nom;E-mail\nSolaire;a@b.fr"}})

    text: Text
    entity: Line | None = None
    mapping: dict[Line, Line] | None = Field(
        None, max_length=50, description="Champ -> titre de colonne ; vide : aucun"
    )
    check: bool = Field(True, description="Seulement vérifier ; false : écrire, si rien n'est refusé")


class FieldShown(BaseModel):
    key: str
    label: str
    help: str
    required: bool


class CellError(BaseModel):
    """One refused cell. `row` is its line in the file (the titles are line 1); `column` is empty for a whole row."""

    row: int
    column: str
    value: str
    message: str


class ImportAnswer(BaseModel):
    """What the file holds. `existing`: rows that are in the base already and will be left as they are.

    `errors`: the first 200 of `errors_total`. Nothing is written while there is one.
    """

    entity: str
    columns: list[str]
    fields: list[FieldShown]
    mapping: dict[str, str]
    rows: int
    ready: int
    existing: int
    errors: list[CellError]
    errors_total: int
    task: TaskShown | None = None
