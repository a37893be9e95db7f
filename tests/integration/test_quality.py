"""The quality of sources: each section counts what is in the base, within the scope, and its links count the same."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from backend.providers.models import NewProvider
from tests.support.departure import leave
from tests.support.people import headers
from tests.support.smtp import mail_server
from tests.support.trade import Trade, phone


async def told(trade: Trade, role: str = "viewer", scope: str | None = None, /, **given: str) -> dict[str, Any]:
    signed = await headers(trade.parts, role, scope=scope)
    answer = await trade.http.get("/api/monitoring/intelligence", headers=signed, params=given)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    assert body["_errors"] == []
    return body


def source(body: dict[str, Any], key: str) -> dict[str, Any]:
    (one,) = [one for one in body["source_scores"] if one["source_key"] == key and not one["provider_id"]]
    return dict(one)


async def refused(trade: Trade) -> dict[str, Any]:
    """One buyer, three leads of one source sent, one refused."""
    await trade.buyer()
    leads = [await trade.lead(utm_source="Google", departement="34") for _ in range(2)]
    leads.append(await trade.lead(utm_source="google", departement="13"))
    async with mail_server() as server:
        server.serve(trade.parts)
        await leave(trade)
    delivery = await trade.row("deliveries", lead_id=leads[2]["id"])
    path = f"/api/deliveries/{delivery['id']}/reject-leads"
    body = {"reason": "deja_client"}
    assert (await trade.http.post(path, json=body, headers=await headers(trade.parts, "ops"))).status_code == 200
    return delivery


async def test_a_source_is_one_whatever_the_case_and_what_buyers_refuse_is_said_where(trade: Trade) -> None:
    delivery = await refused(trade)
    body = await told(trade)
    one = source(body, "google")
    assert (one["total"], one["sold"], one["refused"], one["refused_rate"]) == (3, 3, 1, "33.3")
    (row,) = body["client_rejections"]
    assert (row["source_key"], row["client_id"], row["departement"]) == ("google", delivery["client_id"], "13")
    assert (row["outcome"], row["reason"], row["count"], body["client_rejections_total"]) == (
        "rejected", "deja_client", 1, 1,
    )  # fmt: skip
    assert body["kpis"]["total_leads"] == 3
    assert body["phone_quality"][0]["valid_count"] == 3


async def test_a_copy_is_told_with_its_age_and_what_it_copies(trade: Trade) -> None:
    await trade.buyer()
    number = phone()
    await trade.lead(phone=number, lp_code="LP1", utm_source="bing")
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(hours=3))
    again = await trade.lead(phone=number, utm_source="google")
    assert again["status"] == "duplicate"
    body = await told(trade)
    assert source(body, "google")["duplicate_rate"] == "100.0"
    assert body["duplicate_time_buckets"]["1h_24h"] == 1
    offender = body["duplicate_offenders_by_entity"]["ZR7"]
    assert (offender["duplicate_count"], offender["against_internal_lp"], offender["against_provider"]) == (1, 1, 0)
    (pair,) = body["duplicate_cross_matrix"]
    assert (pair["source_a"], pair["source_b"], pair["conflict_count"]) == ("bing", "google", 1)
    assert body["rejections_by_source"][0]["by_reason"] == {"duplicate": 1}


async def test_a_provider_is_one_source_and_tests_do_not_count(trade: Trade) -> None:
    provider, key = await trade.parts.providers.create("ZR7", NewProvider(name="Apporteur", slug="apporteur"), "test")
    signed = {"Authorization": f"Bearer {key}"}
    for campaign in ("google", "bing"):
        assert (await trade.submit(signed, utm_source=campaign)).status_code == 201
    await trade.lead(test=True, utm_source="google")
    body = await told(trade)
    (one,) = body["source_scores"]
    assert (one["provider_id"], one["source"], one["total"], one["kinds"]) == (
        provider.id,
        "apporteur",
        2,
        ["provider"],
    )


async def test_only_the_window_and_the_produit_asked_for(trade: Trade) -> None:
    await trade.lead(utm_source="google")
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(days=2))
    await trade.lead(utm_source="google", produit="PAC")
    assert (await told(trade, range="24h"))["kpis"]["total_leads"] == 1
    assert (await told(trade, range="24h"))["kpis"]["total_before"] == 0
    assert (await told(trade, range="7d", product="PV"))["kpis"]["total_leads"] == 1
    signed = await headers(trade.parts, "viewer")
    wrong = await trade.http.get("/api/monitoring/intelligence", params={"range": "1y"}, headers=signed)
    assert wrong.status_code == 422


async def test_one_company_never_reads_the_other_and_only_both_are_compared(trade: Trade) -> None:
    number = phone()
    await trade.lead(phone=number, utm_source="canari", entity="MDL")
    await trade.lead(phone=number, utm_source="google")
    await trade.client("Partagé", email="un@partage.fr")
    await trade.client("Partagé", "MDL", email="un@partage.fr")
    own = await told(trade)
    assert "canari" not in str(own)
    assert own["hidden"] == ["cannibalization", "overlap_stats"]
    assert own["cannibalization"] is None and own["duplicate_cross_total"] == 0
    assert (await told(trade, "super_admin", "ZR7"))["cannibalization"] is None
    both = await told(trade, "super_admin", "BOTH")
    assert both["cannibalization"]["cross_entity_duplicate_count"] == 1
    assert both["cannibalization"]["first_source_distribution"] == {"ZR7": 0, "MDL": 1}
    assert (both["overlap_stats"]["shared_clients_count"], both["duplicate_cross_total"]) == (2, 1)


async def test_a_buyer_of_the_sister_company_stays_unnamed(trade: Trade) -> None:
    await trade.buyer("Canari", "MDL")
    lead = await trade.lead(utm_source="google")
    async with mail_server() as server:
        server.serve(trade.parts)
        await leave(trade, "MDL")
    delivery = await trade.row("deliveries", lead_id=lead["id"])
    assert (delivery["entity"], delivery["status"]) == ("MDL", "sent")
    path = f"/api/deliveries/{delivery['id']}/reject-leads"
    signed = await headers(trade.parts, "admin", "MDL")
    assert (await trade.http.post(path, json={"reason": "hors_zone"}, headers=signed)).status_code == 200
    body = await told(trade)
    (row,) = body["client_rejections"]
    assert (row["entity"], row["client_id"], row["client_name"], row["reason"]) == ("MDL", None, None, "hors_zone")
    assert "Canari" not in str(body)


async def test_a_section_that_fails_is_named_and_the_others_are_there(trade: Trade, monkeypatch: Any) -> None:
    await trade.lead(utm_source="google")

    def broken(*_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("backend.quality.rules.conflicts", broken)
    signed = await headers(trade.parts, "viewer")
    body = (await trade.http.get("/api/monitoring/intelligence", headers=signed)).json()
    assert body["_errors"] == ["duplicate_cross_matrix"]
    assert body["duplicate_cross_matrix"] is None and body["kpis"]["total_leads"] == 1


async def test_a_number_leads_to_exactly_its_leads(trade: Trade) -> None:
    await trade.lead(utm_source="google")
    await trade.lead(phone="0000")
    await trade.lead(utm_source="google", lp_code="LP1")
    body = await told(trade)
    signed = await headers(trade.parts, "viewer")
    asked: dict[str, Any] = {"from": body["since"], "to": body["until"]}
    await trade.parts.clock.move_to(trade.parts.mongo, trade.parts.clock.now() + timedelta(minutes=1))
    await trade.lead(utm_source="google")

    async def total(**given: Any) -> int:
        answer = await trade.http.get("/api/leads/list", params=asked | given, headers=signed)
        assert answer.status_code == 200, answer.text
        return int(answer.json()["total"])

    assert await total() == body["kpis"]["total_leads"] == 3
    assert await total(source="google") == source(body, "google")["total"] == 2
    assert await total(source="google", origin="internal_lp") == 1
    assert await total(without_source=True) == source(body, "")["total"] == 1
    assert await total(phone_quality="invalid") == source(body, "")["invalid_count"] == 1
    assert await total(to="2026-03-10") == 0


async def test_a_source_is_told_day_by_day_or_week_by_week_against_the_period_before(trade: Trade) -> None:
    await refused(trade)
    await trade.lead(phone="0000", utm_source="google")
    await trade.lead(utm_source="bing")
    clock = trade.parts.clock
    await clock.move_to(trade.parts.mongo, clock.now() + timedelta(days=7, minutes=5))
    await trade.lead(utm_source="google", produit="PAC")
    signed, path = await headers(trade.parts, "viewer"), "/api/monitoring/source"

    async def asked(**given: str) -> dict[str, Any]:
        answer = await trade.http.get(path, params={"source_key": "google", **given}, headers=signed)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    body = await asked()
    assert (body["source"].lower(), body["unit"], len(body["points"])) == ("google", "day", 7)
    today = body["points"][-1]
    assert (today["start"], today["end"], today["now"]["received"]) == ("2026-03-18", "2026-03-18", 1)
    assert today["before"] == {"received": 4, "valid": 3, "sold": 3, "refused": 1}
    assert today["before_so_far"] == 4 and body["points"][0]["before_so_far"] is None
    assert (await asked(product="PV"))["points"][-1]["now"]["received"] == 0
    weeks = (await asked(range="90d"))["points"]
    assert [(one["start"], one["now"]["received"]) for one in weeks[-3:]] == [
        ("2026-03-02", 0), ("2026-03-09", 4), ("2026-03-16", 1),
    ]  # fmt: skip
    other = await trade.http.get(
        path, params={"source_key": "google"}, headers=await headers(trade.parts, "viewer", "MDL")
    )
    assert sum(one["before"]["received"] for one in other.json()["points"]) == 0
