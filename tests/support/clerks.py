"""Accountants in processes of their own, to be killed: one issues what is drafted, one invoices between entities."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Mapping
from multiprocessing.process import BaseProcess

from backend import bootstrap
from backend.bootstrap import Parts
from backend.core.errors import Unavailable
from backend.core.paging import MAX_LIMIT, Page
from backend.settings import load

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tests.support.roles"])


def issuer(environ: Mapping[str, str], *, crash_at: str = "") -> BaseProcess:
    """Start a process that issues every draft there is, then ends; `crash_at` kills it at that point."""
    process = _CONTEXT.Process(target=_run, args=({**environ, "CRASH_AT": crash_at}, "issue"), daemon=True)
    process.start()
    return process


def biller(environ: Mapping[str, str], *, crash_at: str = "") -> BaseProcess:
    """Start a process that invoices the week before between entities, then ends."""
    process = _CONTEXT.Process(target=_run, args=({**environ, "CRASH_AT": crash_at}, "bill"), daemon=True)
    process.start()
    return process


async def issue_all(parts: Parts) -> None:
    """Issue every draft; a series that another process holds is asked for again."""
    while drafts := (await parts.invoices.store.page(parts.everyone, {"status": "draft"}, Page(MAX_LIMIT, 0))).rows:
        for draft in drafts:
            await patiently(parts, draft.id)


async def patiently(parts: Parts, invoice_id: str) -> None:
    while True:
        try:
            await parts.invoices.issue(parts.everyone, invoice_id, "test")
            return
        except Unavailable:
            await asyncio.sleep(0.2)


def _run(environ: Mapping[str, str], what: str) -> None:
    asyncio.run(_work(environ, what))


async def _work(environ: Mapping[str, str], what: str) -> None:
    parts = bootstrap.build(load(environ))
    await parts.clock.refresh(parts.mongo)
    if what == "issue":
        await issue_all(parts)
    else:
        await parts.weekly.generate(parts.everyone, parts.weekly.week_before(), "test")
    await bootstrap.stop(parts)
