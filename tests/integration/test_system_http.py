"""Version, health, crons over HTTP: what is public, what is not, what makes the house unwell."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from pymongo.errors import ServerSelectionTimeoutError

from backend import __version__
from backend.bootstrap import Parts
from backend.core.clock import utcnow
from backend.outbox.models import NewRow
from tests.conftest import WEDNESDAY
from tests.support.outbox import put
from tests.support.people import headers


async def health(http: httpx.AsyncClient, given: dict[str, str]) -> dict[str, Any]:
    answer = await http.get("/api/system/health", headers=given)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


async def test_what_anybody_may_read(http: httpx.AsyncClient) -> None:
    assert (await http.get("/health")).json() == {"status": "ok"}
    root = (await http.get("/")).json()
    assert (root["version"], root["status"], root["entities"]) == (__version__, "running", ["ZR7", "MDL"])
    version = (await http.get("/api/system/version")).json()
    assert set(version) == {"version", "tag", "git_sha", "build_date", "env"}
    assert (version["tag"], version["env"]) == (f"v{__version__}", "test") and version["git_sha"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/system/health"),
        ("GET", "/api/system/cron"),
        ("POST", "/api/system/cron/daily_delivery/run"),
        ("GET", "/api/outbox"),
        ("GET", "/api/outbox/channels"),
    ],
)
async def test_the_rest_needs_an_account(http: httpx.AsyncClient, method: str, path: str) -> None:
    assert (await http.request(method, path)).status_code == 401


async def test_a_base_out_of_reach_answers_503(http: httpx.AsyncClient, parts: Parts, monkeypatch: Any) -> None:
    async def gone() -> None:
        raise ServerSelectionTimeoutError("gone")

    monkeypatch.setattr(parts.mongo, "ping", gone)
    answer = await http.get("/health")
    assert (answer.status_code, answer.json()["error"]) == (503, "unavailable")
    assert answer.headers["retry-after"]


async def test_the_health_names_every_module(http: httpx.AsyncClient, parts: Parts) -> None:
    body = await health(http, await headers(parts, "admin", "ZR7"))
    modules = body["modules"]
    assert set(modules) == {"cron", "deliveries", "intercompany", "invoices", "indexes", "processes", "reports",
                            "outbox", "hold", "alerts", "suppressions", "mail", "crm", "pushes"}  # fmt: skip
    assert modules["indexes"]["status"] == "healthy" and modules["indexes"]["confirmed"] > 50
    assert (modules["invoices"]["overdue"], modules["intercompany"]["error_transfers"]) == (0, 0)
    jobs = {one["job"] for one in modules["cron"]["jobs"]}
    assert jobs == {"daily_delivery", "route_waiting_leads", "intercompany_invoices", "invariants"}
    assert [one["entity"] for one in modules["mail"]["mailboxes"]] == ["ZR7"]
    ill = {name: one["status"] != "healthy" for name, one in modules.items()}
    assert ill == {name: bool(one["alarms"]) for name, one in modules.items()}, "unwell and silent, or the reverse"
    assert modules["processes"]["alarms"] == ["processes.missing"]
    assert "password" not in str(body).lower()


async def test_processes_that_fell_silent_degrade_the_house(http: httpx.AsyncClient, parts: Parts) -> None:
    given = await headers(parts, "admin", "ZR7")
    assert (await health(http, given))["modules"]["processes"]["missing"] == ["worker", "scheduler"]
    await parts.system.beat(["worker", "scheduler"])
    assert (await health(http, given))["modules"]["processes"]["status"] == "healthy"
    late = utcnow() - timedelta(seconds=31)
    await parts.mongo.collection("instances").update_one({}, {"$set": {"heartbeat_at": late}})
    told = await health(http, given)
    assert told["modules"]["processes"]["status"] == "degraded" and told["status"] == "degraded"
    await parts.system.beat(["worker", "scheduler"])
    await parts.system.leave()
    assert (await health(http, given))["modules"]["processes"]["missing"] == ["worker", "scheduler"]


async def test_a_day_without_a_report_degrades_the_house(http: httpx.AsyncClient, parts: Parts) -> None:
    given = await headers(parts, "admin", "ZR7")
    await parts.jobs.installed_at()

    async def told(hours: float) -> str:
        await parts.clock.move_to(parts.mongo, WEDNESDAY + timedelta(hours=hours))
        return str((await health(http, given))["modules"]["reports"]["status"])

    assert [await told(25.9), await told(26.1)] == ["healthy", "degraded"]
    await parts.clock.move_to(parts.mongo, WEDNESDAY + timedelta(hours=26))
    await parts.reports.write(None, {"slot": "x", "run_at": parts.clock.now(), "entities": {}})
    assert [await told(51.9), await told(52.1)] == ["healthy", "degraded"]


async def test_a_paused_channel_degrades_its_entity_only(http: httpx.AsyncClient, parts: Parts) -> None:
    mine, theirs = await headers(parts, "ops", "ZR7"), await headers(parts, "admin", "MDL")
    answer = await http.post("/api/outbox/channels/smtp:ZR7/pause", headers=mine, json={"reason": "maintenance"})
    assert answer.json() == {"success": True, "state": "paused"}
    told = (await health(http, mine))["modules"]["outbox"]
    assert told["status"] == "degraded" and told["paused"][0]["reason"] == "maintenance"
    assert (await health(http, theirs))["modules"]["outbox"]["status"] == "healthy"
    refused = await http.post("/api/outbox/channels/smtp:ZR7/resume", headers=theirs)
    assert refused.status_code == 404
    assert (await http.post("/api/outbox/channels/smtp:ZR7/resume", headers=mine)).json()["state"] == "active"
    assert (await health(http, mine))["modules"]["outbox"]["status"] == "healthy"


async def test_a_check_that_breaks_is_an_error_of_its_module(
    http: httpx.AsyncClient, parts: Parts, monkeypatch: Any
) -> None:
    async def broken(_scope: Any) -> dict[str, Any]:
        raise ZeroDivisionError("x" * 500)

    monkeypatch.setitem(parts.system._checks, "cron", broken)
    body = await health(http, await headers(parts, "admin", "ZR7"))
    assert body["status"] == "error" and body["modules"]["cron"]["status"] == "error"
    assert len(body["modules"]["cron"]["error"]) == 200 and body["modules"]["cron"]["alarms"] == ["system.check"]


async def test_a_run_is_asked_for_and_seen(http: httpx.AsyncClient, parts: Parts) -> None:
    admin, ops = await headers(parts, "admin", "ZR7"), await headers(parts, "ops", "ZR7")
    assert (await http.post("/api/system/cron/daily_delivery/run", headers=ops)).status_code == 403
    assert (await http.post("/api/system/cron/nothing/run", headers=admin)).status_code == 404
    answer = await http.post("/api/system/cron/daily_delivery/run", headers=admin)
    assert answer.status_code == 202
    assert answer.json() == {"success": True, "slot": "daily_delivery:2026-03-11#2"}
    told = (await http.get("/api/system/cron", headers=ops)).json()
    assert [(run["id"], run["state"], run["result"]) for run in told["runs"]] == [
        ("daily_delivery:2026-03-11#2", "due", None)
    ]
    assert told["runs"][0]["requested_by"] == "admin.zr7@exemple.fr" and told["total"] == 1
    [daily] = [job for job in told["jobs"] if job["job"] == "daily_delivery"]
    assert daily["next_at"] == "2026-03-12T08:30:00Z" and "9\u00a0h\u00a030" in daily["schedule"]
    only = (await http.get("/api/system/cron?job=route_waiting_leads", headers=ops)).json()
    assert only["runs"] == []


def row(n: int, entity: str) -> NewRow:
    payload = {"from": f"leads@{entity.lower()}.example.test", "subject": f"Lot {n}", "text": "Bonjour",
               "filename": "a.csv", "csv": "secret"}  # fmt: skip
    return NewRow(id=f"batch:b{n}:smtp:{n}", kind="email_copy", channel=f"smtp:{entity}", entity=entity,
                  batch_id=f"b{n}", to="acheteur@example.test", payload=payload)  # fmt: skip


async def test_the_queue_is_seen_by_its_entity_without_its_contents(http: httpx.AsyncClient, parts: Parts) -> None:
    await put(parts.outbox, row(1, "ZR7"), row(2, "ZR7"), row(3, "MDL"))
    mine, theirs = await headers(parts, "ops", "ZR7"), await headers(parts, "ops", "MDL")
    body = (await http.get("/api/outbox?state=pending&channel=smtp:ZR7&limit=1", headers=mine)).json()
    assert (body["count"], body["total"], body["counts"]["pending"]) == (1, 2, 2)
    assert "secret" not in str(body) and "payload" not in str(body)
    one = await http.get("/api/outbox/batch:b1:smtp:1", headers=mine)
    assert one.json()["subject"] == "Lot 1" and one.json()["attempts"] == [] and "secret" not in one.text
    assert (await http.get("/api/outbox/batch:b1:smtp:1", headers=theirs)).status_code == 404
    assert (await http.get("/api/outbox?state=lost", headers=mine)).status_code == 422
    channels = (await http.get("/api/outbox/channels", headers=mine)).json()["channels"]
    assert [(one["channel"], one["pending"]) for one in channels] == [("smtp:ZR7", 2), ("crm:ZR7", 0)]


async def test_only_an_uncertain_row_is_decided_by_a_person(http: httpx.AsyncClient, parts: Parts) -> None:
    await put(parts.outbox, row(1, "ZR7"))
    ops, viewer = await headers(parts, "ops", "ZR7"), await headers(parts, "viewer", "ZR7")
    path = "/api/outbox/batch:b1:smtp:1/resolve"
    assert (await http.post(path, headers=viewer, json={"verdict": "sent"})).status_code == 403
    assert (await http.post(path, headers=ops, json={"verdict": "maybe"})).status_code == 422
    assert (await http.post(path, headers=ops, json={"verdict": "sent"})).json()["error"] == "invalid_state"
    await parts.mongo.collection("outbox").update_one(
        {"id": "batch:b1:smtp:1"}, {"$set": {"state": "uncertain", "lease_until": utcnow()}}
    )
    early = await http.post(path, headers=ops, json={"verdict": "resend"})
    assert (early.status_code, early.json()["error"]) == (409, "invalid_state")
    assert (await http.post(path, headers=ops, json={"verdict": "sent"})).json() == {"success": True, "state": "sent"}
