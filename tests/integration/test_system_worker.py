"""The processes: a real worker sends and says it lives; SIGTERM ends it cleanly; the server does both when asked."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta

from backend.bootstrap import Parts
from tests.integration.test_system_http import row
from tests.support.outbox import eventually, put
from tests.support.smtp import mail_server


async def test_a_worker_process_sends_runs_and_stops(parts: Parts, environ: dict[str, str]) -> None:
    async with mail_server() as server:
        env = {**os.environ, **environ, "RUN_WORKER": "true", "RUN_SCHEDULER": "true"}
        for code in ("ZR7", "MDL"):
            env |= {f"{code}_SMTP_HOST": "127.0.0.1", f"{code}_SMTP_PORT": str(server.port),
                    f"{code}_SMTP_SECURITY": "none"}  # fmt: skip
        await put(parts.outbox, row(1, "ZR7"), row(2, "MDL"))
        command = [sys.executable, "-m", "backend.worker"]
        with subprocess.Popen(command, env=env) as process:
            try:
                await eventually(lambda: sent(parts, 2))
                [alive] = await parts.system._store.instances()
                assert alive.roles == ["worker", "scheduler"] and alive.pid == process.pid
                slot = await parts.jobs.run_now("route_waiting_leads", "ops@exemple.fr")
                await eventually(lambda: finished(parts, slot))
                process.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(process.wait, 60) == 0
            finally:
                process.kill()
        assert await parts.system._store.instances() == []
        assert len(server.messages) == 2


async def sent(parts: Parts, times: int) -> bool:
    return await parts.mongo.collection("outbox").count_documents({"state": "sent"}) == times


async def finished(parts: Parts, slot_id: str) -> bool:
    slot = await parts.jobs.one(slot_id)
    return slot is not None and slot.state == "success"


async def test_the_processes_of_a_base_move_their_clock_together(parts: Parts, environ: dict[str, str]) -> None:
    """A worker started on Wednesday runs Thursday's slot once the clock is moved to Thursday."""
    env = {**os.environ, **environ, "RUN_SCHEDULER": "true"}
    await parts.jobs.installed_at()
    with subprocess.Popen([sys.executable, "-m", "backend.worker"], env=env) as process:
        try:
            await eventually(lambda: living(parts))
            await parts.clock.move_to(parts.mongo, datetime(2026, 3, 12, 8, 30, tzinfo=UTC) + timedelta(seconds=5))
            await eventually(lambda: finished(parts, "daily_delivery:2026-03-12"))
        finally:
            process.kill()


async def living(parts: Parts) -> bool:
    return bool(await parts.system._store.instances())
