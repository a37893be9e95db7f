"""HTTP of the scheduled work."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query

from backend.accounts.caller import Caller, requires
from backend.core.paging import Page, paged
from backend.core.web import errors, part
from backend.jobs.models import CronAnswer, RunAsked
from backend.jobs.service import JobsService

router = APIRouter(prefix="/api/system/cron", tags=["Système"])
Jobs = Annotated[JobsService, part("jobs")]


@router.get("", summary="Travaux programmés et leurs passages", response_model=CronAnswer, responses=errors(401, 403))
async def cron(
    jobs: Jobs,
    caller: Annotated[Caller, requires("system.view")],
    page: Annotated[Page, paged(50)],
    job: Annotated[str | None, Query(max_length=60)] = None,
) -> dict[str, Any]:
    return await jobs.cron(caller.scope, page, job)


@router.post("/{job}/run", summary="Lancer un travail maintenant", status_code=202, responses=errors(401, 403, 404))
async def run(jobs: Jobs, caller: Annotated[Caller, requires("system.manage")], job: str) -> RunAsked:
    """Makes a slot of its own; the scheduler starts it within seconds, after the one that runs if any."""
    return RunAsked(slot=await jobs.run_now(job, caller.email))
