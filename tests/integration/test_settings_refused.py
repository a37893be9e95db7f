"""Settings that cannot be: refused by field, in French, and nothing is kept."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
import pytest_asyncio

from backend.bootstrap import Parts
from tests.support.desk import Desk, at_settings, tasks


@pytest_asyncio.fixture
async def zr7(parts: Parts, http: httpx.AsyncClient) -> Desk:
    return await at_settings(parts, http, "admin", "ZR7")


BAD: list[tuple[str, Any, str]] = [
    ("/source-gating", {"blocked_sources": {"$ne": ""}}, "blocked_sources"),
    ("/source-gating", {"blocked_sources": [{"$ne": ""}]}, "blocked_sources.0"),
    ("/source-gating", {"blocked_sources": ["a\x00b"]}, "blocked_sources.0"),
    ("/source-gating", {"mode": "greylist"}, "mode"),
    ("/source-gating", {"mode": "whitelist"}, "allowed_sources"),
    ("/source-gating", {"$set": {}}, "$set"),
    ("/source-gating", [], "body"),
    ("/delivery-calendar", {"enabled_days": [7]}, "enabled_days.0"),
    ("/delivery-calendar", {"enabled_days": [-1]}, "enabled_days.0"),
    ("/delivery-calendar", {"enabled_days": [True]}, "enabled_days.0"),
    ("/delivery-calendar", {"enabled_days": ["0"]}, "enabled_days.0"),
    ("/delivery-calendar", {"disabled_dates": ["2026-02-30"]}, "disabled_dates.0"),
    ("/delivery-calendar", {"disabled_dates": ["9999-12-31"]}, "disabled_dates.0"),
    ("/delivery-calendar", {"disabled_dates": ["12/03/2026"]}, "disabled_dates.0"),
    ("/delivery-calendar", {"disabled_dates": [20260312]}, "disabled_dates.0"),
    ("/delivery-calendar", {"holidays_closed": "yes"}, "holidays_closed"),
    ("/email-denylist", {"domains": ["a b"]}, "domains.0"),
    ("/email-denylist", {"domains": ["a@b.fr"]}, "domains.0"),
    ("/email-denylist", {"simulation_email": "a@b.fr, c@d.fr"}, "simulation_email"),
    ("/email-denylist", {"simulation_mode": 1}, "simulation_mode"),
    ("/forms-config", {"forms": [{"form_code": "A", "produit": "GAZ"}]}, "forms.0.produit"),
    ("/forms-config", {"forms": [{"form_code": "", "produit": "PV"}]}, "forms.0.form_code"),
    ("/forms-config", {}, "forms"),
    ("/cross-entity", {"cross_entity_enabled": {"$gt": ""}}, "cross_entity_enabled"),
    ("/cross-entity", {"per_entity": {"ZR7": {"out": True}}}, "per_entity.ZR7.out"),
    ("/overlap-guard", {}, "enabled"),
    ("/overlap-guard", {"enabled": None}, "enabled"),
    ("/return-window", {"days": 0}, "days"),
    ("/return-window", {"days": 10**30}, "days"),
    ("/return-window", {"days": 7.5}, "days"),
    ("/legal", {"siren": "000000035"}, "siren"),
    ("/legal", {"siret": "00000003400008"}, "siret"),
    ("/legal", {"siren": "000000042", "siret": "00000003400009"}, "siret"),
    ("/legal", {"siren": "000000034", "tva_number": "FR41000000042"}, "tva_number"),
    ("/legal", {"tva_number": "FR18000000034"}, "tva_number"),
    ("/legal", {"iban": "FR7630006000011234567890188"}, "iban"),
    ("/legal", {"bic": "AGRI"}, "bic"),
    ("/legal", {"postcode": "7500"}, "postcode"),
    ("/legal", {"billing_email": "personne"}, "billing_email"),
    ("/legal", {"recovery_indemnity": "39.99"}, "recovery_indemnity"),
    ("/legal", {"capital": "1.001"}, "capital"),
    ("/legal", {"internal_tva_rate": 101}, "internal_tva_rate"),
    ("/legal", {"vat_on": "jamais"}, "vat_on"),
    ("/legal", {"payment_terms_days": 61}, "payment_terms_days"),
    ("/legal", {"company_name": "a\nb"}, "company_name"),
]


@pytest.mark.parametrize(("path", "body", "field"), BAD)
async def test_bad_input_is_refused_by_field_in_french(
    parts: Parts, zr7: Desk, path: str, body: Any, field: str
) -> None:
    answer = await zr7.put(path, body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"] == "invalid_input"
    assert answer.json()["detail"][field]
    assert await parts.mongo.collection("settings").count_documents({}) == 0
    assert await parts.mongo.collection("event_log").count_documents({"entity_type": "settings"}) == 0
    assert await tasks(parts) == []


async def test_an_enormous_body_is_refused(parts: Parts, zr7: Desk) -> None:
    answer = await zr7.put("/source-gating", {"blocked_sources": ["x" * 1_100_000]})
    assert (answer.status_code, answer.json()["error"]) == (413, "payload_too_large")
    assert (await zr7.put("/source-gating", {"blocked_sources": ["x" * 900_000]})).status_code == 422
