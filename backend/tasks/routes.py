"""HTTP of tasks: their owner follows them, stops them, reads what was not done."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from backend.accounts.caller import Caller, requires
from backend.core import sheets
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.tasks.models import RowState, Task, TaskOne, TaskPage, TaskShown
from backend.tasks.service import TasksService

router = APIRouter(prefix="/api/tasks", tags=["tasks"])
Service = Annotated[TasksService, part("tasks")]
Owner = Annotated[Caller, requires()]
_STATES = {"pending": "Non traitée", "succeeded": "Faite", "failed": "En échec", "ignored": "Sans effet"}


def shown(task: Task) -> TaskShown:
    return TaskShown(**task.model_dump(include=set(TaskShown.model_fields)))


@router.get("", summary="Mes tâches, les plus récentes d'abord", responses=errors(401, 403))
async def page(service: Service, caller: Owner, page: Annotated[Page, paged(25)]) -> TaskPage:
    found = await service.page(caller, page)
    return TaskPage(**found.answer("tasks", [shown(one) for one in found.rows]))


@router.get("/{task_id}", summary="Une de mes tâches et ses lignes", responses=errors(401, 403, 404))
async def one(
    task_id: str,
    service: Service,
    caller: Owner,
    page: Annotated[Page, paged(50)],
    state: Annotated[RowState | None, Query(description="Les lignes dans cet état")] = None,
) -> TaskOne:
    task, rows = await service.rows(caller, task_id, state, page)
    return TaskOne(task=shown(task), **rows.answer("rows", [one.model_dump() for one in rows.rows]))


@router.post("/{task_id}/cancel", summary="Arrêter une de mes tâches", responses=errors(401, 403, 404, 409))
async def cancel(task_id: str, service: Service, caller: Owner) -> TaskShown:
    return shown(await service.cancel(caller, task_id))


@router.get(
    "/{task_id}/file", summary="Ce qui n'a pas été fait, en CSV", responses=errors(401, 403, 404),
    response_class=StreamingResponse,
)  # fmt: skip
async def file(task_id: str, service: Service, caller: Owner) -> StreamingResponse:
    rows = await service.not_done(caller, task_id)

    async def lines() -> AsyncIterator[str]:
        yield sheets.MARK + sheets.line(["Ligne", "Entité", "Objet", "État", "Raison"])
        async for row in rows:
            yield sheets.line([row.n + 1, row.entity, row.label, _STATES[row.state], row.detail])

    return StreamingResponse(lines(), media_type=sheets.MEDIA, headers=sheets.attached(f"tache_{task_id}.csv"))
