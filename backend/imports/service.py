"""Imports: a file read whole and checked cell by cell; written as a task only when nothing is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

from backend.accounts.caller import Caller
from backend.clients.service import ClientsService
from backend.commandes.service import CommandesService
from backend.core import sheets
from backend.core.clock import Clock
from backend.core.errors import Conflict, InvalidInput
from backend.core.tenancy import Scope
from backend.core.text import folded
from backend.core.weeks import paris_day
from backend.imports import rules
from backend.imports.fields import FIELDS, guessed
from backend.imports.models import SHOWN_ERRORS, CellError, FieldShown, ImportAnswer, ImportAsk, Kind
from backend.imports.table import Table, Unreadable, read
from backend.tasks.models import NewRow, TaskShown
from backend.tasks.service import TasksService


class ImportsService:
    def __init__(self, clock: Clock, tasks: TasksService, clients: ClientsService, commandes: CommandesService) -> None:
        self._clock = clock
        self._tasks = tasks
        self._clients = clients
        self._commandes = commandes

    def template(self, kind: Kind) -> str:
        """A file to fill: the titles, and one line as an example."""
        titles = sheets.line([one.label for one in FIELDS[kind]])
        return sheets.MARK + titles + sheets.line([one.sample for one in FIELDS[kind]])

    async def ask(self, caller: Caller, kind: Kind, body: ImportAsk) -> ImportAnswer:
        """Check, and write when asked. 422 on a file that cannot be read, 409 when a cell is refused."""
        table = _read(body.text)
        mapping = _mapped(kind, body, table)
        entity = caller.write_entity(body.entity)
        rows, found = await self._rows(kind, entity, table, mapping)
        answer = ImportAnswer(
            entity=entity, columns=table.columns, fields=_shown(kind), mapping=mapping, rows=len(table.rows),
            ready=sum(not row.code for row in rows), existing=sum(bool(row.code) for row in rows),
            errors=found[:SHOWN_ERRORS], errors_total=len(found),
        )  # fmt: skip
        if body.check:
            return answer
        if found:
            raise Conflict(f"{len(found)} cellule(s) refusée(s) : corrigez le fichier, rien n'est écrit.",
                           code="rows_refused")  # fmt: skip
        own = replace(caller, scope=Scope((entity,)))
        task = await self._tasks.start(own, f"imports.{kind}", {}, _each(rows))
        return answer.model_copy(update={"task": TaskShown(**task.model_dump(include=set(TaskShown.model_fields)))})

    async def _rows(
        self, kind: Kind, entity: str, table: Table, mapping: dict[str, str]
    ) -> tuple[list[NewRow], list[CellError]]:
        """The rows that are right, and what is refused in the others."""
        known = await self._known(kind, entity)
        refused = rules.missing(kind, mapping)
        refused += [CellError(row=line, column="", value="", message="Plus de cellules que de titres.")
                    for line in table.too_long]  # fmt: skip
        rows = []
        for line, cells in table.rows:
            draft = rules.drafted(kind, line, cells, mapping, self._clock.now())
            if kind == "prices":
                draft.values.setdefault("valid_from", paris_day(self._clock.now()).isoformat())
            values = rules.settled(kind, draft, known)
            refused += rules.errors(kind, draft, mapping, cells)
            if not draft.refused:
                rows.append(_row(line, entity, draft, values))
        return rows, refused

    async def _known(self, kind: Kind, entity: str) -> rules.Known:
        known, scope = rules.Known(), Scope((entity,))
        async for one in self._clients.stream(scope, active_only=False, search=""):
            known.emails[one.email.lower()] = one.id
            known.names.setdefault(folded(one.name), []).append(one.id)
        if kind == "commandes":
            known.orders = {(one.client_id, one.produit) async for one in self._commandes.open(entity)}
        return known


def _read(text: str) -> Table:
    try:
        return read(text)
    except Unreadable as exc:
        raise InvalidInput({"text": str(exc)}) from None


def _mapped(kind: Kind, body: ImportAsk, table: Table) -> dict[str, str]:
    if body.mapping is None:
        return guessed(kind, table.columns)
    mapping, wrong = rules.asked(kind, body.mapping, table.columns)
    if wrong:
        raise InvalidInput({"mapping": wrong})
    return mapping


def _shown(kind: Kind) -> list[FieldShown]:
    return [FieldShown(key=one.key, label=one.label, help=one.help, required=one.required) for one in FIELDS[kind]]


def _row(line: int, entity: str, draft: rules.Draft, values: dict[str, Any]) -> NewRow:
    code, detail = ("existing", "Déjà là : laissé tel quel.") if draft.existing else ("", "")
    return NewRow(key=str(line), entity=entity, label=f"Ligne {line} : {draft.label}", code=code, detail=detail,
                  payload=values)  # fmt: skip


async def _each(rows: list[NewRow]) -> AsyncIterator[NewRow]:
    for row in rows:
        yield row
