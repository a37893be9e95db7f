"""Tasks: asked for by a person, worked by the worker, row by row, each with exactly one effect.

A row's mark is written in the transaction of its effect (`core.mongo.along`): a worker killed at any point leaves
rows that are done and marked, or neither. Whoever takes over goes on with those that are not.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, AsyncIterator, Sequence
from dataclasses import asdict
from typing import Any, Protocol

from pymongo.errors import DuplicateKeyError

from backend.accounts.caller import Caller
from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.core import log
from backend.core.clock import Clock
from backend.core.errors import AppError, BadRequest, Conflict, NotFound, Unavailable
from backend.core.ids import new_id
from backend.core.mongo import Mongo, Tx, along, is_outage
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.outbox.service import OutboxService
from backend.tasks.models import MOST_ROWS, NewRow, Row, Task
from backend.tasks.store import TasksStore, ended

logger = log.get("rdz.tasks")
_SLICE_S = 4.0
"""How long one turn of the worker lasts: other work of the house takes its turn in between."""
_PAGE = 500
_SURPRISE = "Erreur inattendue. Communiquez le numéro de la tâche à l'exploitation."


class Ignored(Exception):
    """There was nothing to do for these rows: no failure."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class _TakenOver(Exception):
    """Another worker ended these rows."""


class Action(Protocol):
    """Does the rows of one unit, or raises: an `AppError` fails them, `Ignored` says there was nothing to do.

    `whole`: its effect is one transaction, which then carries the mark. Otherwise doing it again must do no harm.
    """

    whole: bool

    async def __call__(self, caller: Caller, params: dict[str, Any], rows: Sequence[Row]) -> str:
        """Answers what was done, in a French sentence, empty when there is nothing to add."""
        ...


class TasksService:
    def __init__(
        self, mongo: Mongo, store: TasksStore, audit: AuditService, outbox: OutboxService, clock: Clock
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._audit = audit
        self._outbox = outbox
        self._clock = clock
        self._actions: dict[str, Action] = {}

    def register(self, kind: str, action: Action) -> None:
        if kind in self._actions:
            raise ValueError(f"task kind {kind!r} already has an action")
        self._actions[kind] = action

    # What people ask

    async def start(
        self, caller: Caller, kind: str, params: dict[str, Any], rows: AsyncIterable[NewRow], about: str = ""
    ) -> Task:
        """Note every row, then have the worker do them. 400 when there is none, or too many: nothing is kept."""
        task = Task(
            id=new_id(), kind=kind, entity=None, user_id=caller.user_id, user=caller.email, state="preparing",
            about=about, params=params, caller=_frozen(caller), created_at=self._clock.now(),
        )  # fmt: skip
        await self._store.insert(task)
        try:
            entities = await self._note(task.id, rows)
        except BaseException:
            await self._store.discard(task.id)
            raise
        entity = entities.pop() if len(entities) == 1 else None
        return await self._launch(task.model_copy(update={"entity": entity, "state": "running"}))

    async def _note(self, task_id: str, rows: AsyncIterable[NewRow]) -> set[str]:
        """Store the rows; answers their entities."""
        entities: set[str] = set()
        count = 0
        async for page in _by_page(rows):
            if count + len(page) > MOST_ROWS:
                raise too_many()
            await self._store.add_rows(task_id, count, page)
            count += len(page)
            entities |= {row.entity for row in page}
        if not count:
            raise BadRequest("Rien à faire : aucune ligne.", code="nothing_to_do")
        return entities

    async def _launch(self, task: Task) -> Task:
        counts = await self._store.counts(task.id)
        task = task.model_copy(update=counts.model_dump())

        async def work(tx: Tx) -> None:
            change = {"state": "running", "entity": task.entity, **counts.model_dump()}
            await self._store.move(tx, task.id, ["preparing"], change)
            await self._outbox.put_task(tx, "work_task", {"task_id": task.id}, entity=task.entity)
            await self._audit.record(tx, _event("task_started", task, task.user))

        await self._mongo.transaction(work)
        self._outbox.poke()
        return task

    async def page(self, caller: Caller, page: Page) -> Paged[Task]:
        """The caller's own, newest first."""
        found = await self._store.page(caller.scope, caller.user_id, page)
        return Paged([await self._counted(one) for one in found.rows], found.total, found.capped)

    async def get(self, caller: Caller, task_id: str) -> Task:
        """404 when it is somebody else's."""
        task = await self._store.mine(caller.scope, caller.user_id, task_id)
        if task is None:
            raise NotFound("Cette tâche n'existe pas.")
        return await self._counted(task)

    async def rows(self, caller: Caller, task_id: str, state: str | None, page: Page) -> tuple[Task, Paged[Row]]:
        return await self.get(caller, task_id), await self._store.rows(task_id, state, page)

    async def not_done(self, caller: Caller, task_id: str) -> AsyncIterator[Row]:
        """The rows of the caller's task that were not done, streamed."""
        await self.get(caller, task_id)
        return self._store.not_done(task_id)

    async def cancel(self, caller: Caller, task_id: str) -> Task:
        """Stop before the next row; what is done stays done. 409 when it is over."""
        task = await self.get(caller, task_id)
        change = {"state": "cancelled", "finished_at": self._clock.now()}

        async def work(tx: Tx) -> None:
            if not await self._store.move(tx, task_id, ["preparing", "running"], change):
                raise Conflict("Cette tâche est déjà terminée.")
            await self._audit.record(tx, _event("task_cancelled", task, caller.email))

        await self._mongo.transaction(work)
        return await self.get(caller, task_id)

    async def under_way(self, user_id: str) -> int:
        """How many of a person's tasks are not over."""
        return await self._store.under_way(user_id)

    async def _counted(self, task: Task) -> Task:
        if task.state == "done":
            return task
        return task.model_copy(update=(await self._store.counts(task.id)).model_dump())

    # What the worker does

    async def work(self, task_id: str) -> bool:
        """Do rows for a few seconds. True when there are more."""
        until = time.monotonic() + _SLICE_S
        while time.monotonic() < until:
            task = await self._store.task(task_id)
            if task is None or task.state != "running":
                return False
            rows = await self._store.next_unit(task_id)
            if not rows:
                await self._end(task)
                return False
            await self._do(task, rows)
        return True

    async def _do(self, task: Task, rows: list[Row]) -> None:
        token = new_id()

        async def mark(tx: Tx) -> None:
            if await self._store.mark(tx, rows, token, ended("succeeded", self._clock.now())) != len(rows):
                raise _TakenOver

        action = self._actions[task.kind]
        try:
            if action.whole:
                with along(mark):
                    told = await action(_caller(task.caller), task.params, rows)
            else:
                told = await action(_caller(task.caller), task.params, rows)
            end = ended("succeeded", self._clock.now(), detail=told)
        except _TakenOver:
            return
        except Exception as exc:
            end = self._ended(task, exc)
        await self._store.mark(None, rows, token, end)

    def _ended(self, task: Task, exc: Exception) -> dict[str, Any]:
        """What an exception makes of the rows; the base out of reach is raised again: the rows wait for it."""
        now = self._clock.now()
        if isinstance(exc, Unavailable) or is_outage(exc):
            raise exc
        if isinstance(exc, Ignored):
            return ended("ignored", now, exc.code, exc.detail)
        if isinstance(exc, AppError):
            told = exc.detail if isinstance(exc.detail, str) else " ".join(exc.detail.values())
            return ended("failed", now, exc.code, told)
        if isinstance(exc, DuplicateKeyError):
            return ended("failed", now, "duplicate", "Cet objet existe déjà.")
        logger.exception("task_row_failed", task=task.id, kind=task.kind)
        return ended("failed", now, "internal", _SURPRISE)

    async def _end(self, task: Task) -> None:
        counts = await self._store.counts(task.id)
        change = {"state": "done", "finished_at": self._clock.now(), **counts.model_dump()}

        async def work(tx: Tx) -> None:
            if await self._store.move(tx, task.id, ["running"], change):
                ended_task = task.model_copy(update=counts.model_dump())
                await self._audit.record(tx, _event("task_done", ended_task, task.user))

        await self._mongo.transaction(work)


def too_many() -> BadRequest:
    return BadRequest(f"Plus de {MOST_ROWS} lignes : affinez le filtre, puis recommencez.", code="too_many")


def _event(action: str, task: Task, user: str) -> Event:
    details = {"kind": task.kind, "about": task.about, **task.model_dump(include={
        "total", "processed", "succeeded", "failed", "ignored"})}  # fmt: skip
    return Event(action=action, entity_type="task", entity_id=task.id, entity=task.entity, user=user, details=details)


def _frozen(caller: Caller) -> dict[str, Any]:
    """Who asks, with the rights held now: the work is done with these."""
    return {**asdict(caller), "permissions": sorted(caller.permissions), "session_id": ""}


def _caller(frozen: dict[str, Any]) -> Caller:
    scope = Scope(tuple(frozen["scope"]["entities"]), frozen["scope"]["both"])
    given = {"permissions": frozenset(frozen["permissions"]), "entities": tuple(frozen["entities"]), "scope": scope}
    return Caller(**{**frozen, **given})


async def _by_page(rows: AsyncIterable[NewRow]) -> AsyncIterator[list[NewRow]]:
    page: list[NewRow] = []
    async for row in rows:
        page.append(row)
        if len(page) == _PAGE:
            yield page
            page = []
    if page:
        yield page
