"""The hold: nothing leaves, whatever the process, until somebody lets it; the work inside goes on."""

from __future__ import annotations

from typing import Any

import httpx
from typer.testing import CliRunner

from backend.bootstrap import Parts
from tests.integration.test_system_http import row
from tests.support.outbox import eventually, one, put, relaying
from tests.support.people import headers
from tests.support.smtp import mail_server


async def told(http: httpx.AsyncClient, given: dict[str, str]) -> dict[str, Any]:
    module: dict[str, Any] = (await http.get("/api/system/health", headers=given)).json()["modules"]["hold"]
    return module


async def test_held_nothing_leaves_but_the_work_inside_goes_on(parts: Parts) -> None:
    async with mail_server() as server:
        server.serve(parts)
        await parts.hold.hold("restauration", "ops@exemple.fr")
        await eventually(lambda: only_tasks(parts))
        await put(parts.outbox, row(1, "ZR7"), row(2, "MDL"))
        await parts.mongo.transaction(lambda tx: parts.outbox.put_task(tx, "route_waiting", {"reason": "essai"}))
        async with relaying(parts.outbox):
            await eventually(lambda: task_done(parts))
            assert await states(parts) == {"pending"}
            assert not server.messages
            await parts.hold.release("ops@exemple.fr")
            await eventually(lambda: both_sent(parts))
        assert len(server.messages) == 2
        assert [(await one(parts.outbox, f"batch:b{n}:smtp:{n}")).n for n in (1, 2)] == [1, 1]


async def only_tasks(parts: Parts) -> bool:
    return await parts.outbox.active_channels() == ["tasks"]


async def task_done(parts: Parts) -> bool:
    return await parts.mongo.collection("outbox").count_documents({"channel": "tasks", "state": "sent"}) == 1


async def states(parts: Parts) -> set[str]:
    return {found.state for n in (1, 2) for found in await parts.outbox.rows_of(f"b{n}")}


async def both_sent(parts: Parts) -> bool:
    return await states(parts) == {"sent"}


async def test_the_hold_is_asked_for_seen_and_ended_over_http(http: httpx.AsyncClient, parts: Parts) -> None:
    admin, ops = await headers(parts, "admin", "ZR7"), await headers(parts, "ops", "ZR7")
    assert await told(http, ops) == {"status": "healthy", "alarms": [], "held": False}
    assert (await http.post("/api/system/hold", headers=ops, json={"reason": "x"})).status_code == 403
    assert (await http.post("/api/system/hold", headers=admin, json={"reason": " "})).status_code == 422
    for reason in ("déménagement", "une autre raison"):
        answer = await http.post("/api/system/hold", headers=admin, json={"reason": reason})
        assert answer.json() == {"success": True, "held": True}
    seen = await told(http, ops)
    assert (seen["status"], seen["reason"], seen["by"]) == ("degraded", "déménagement", "admin.zr7@exemple.fr")
    assert seen["since"].startswith("2026-03-11T09:")
    for _ in range(2):
        assert (await http.delete("/api/system/hold", headers=admin)).json() == {"success": True, "held": False}
    assert (await told(http, ops))["held"] is False
    events = parts.mongo.collection("event_log").find({"entity_id": "hold"}).sort("created_at", 1)
    assert [event["action"] async for event in events] == ["outbox_held", "outbox_released"]


def test_the_hold_from_a_terminal(monkeypatch: Any) -> None:
    """What is typed reaches the service, and what it answers is said."""
    from backend.cli import app

    assert CliRunner().invoke(app, ["hold", " "]).exit_code == 1
    assert "motif" in CliRunner().invoke(app, ["hold", "--help"]).output.lower()
