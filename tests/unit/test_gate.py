"""The one gate before each batch: what it refuses, what it makes wait, in which order."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from backend.clients.deliverability import Reach
from backend.clients.models import Client, Suspension
from backend.commandes.models import Commande
from backend.gate.rules import may_deliver_now

NOW = datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 12)
REACHED = Reach(True, None, ("leads@exemple.fr",))
CLIENT = Client(id="c", entity="ZR7", name="Un", email="leads@exemple.fr", created_at=NOW, updated_at=NOW)
HELD = Suspension(through="2026-03-12", at=NOW, by="ops@exemple.fr")
_FIELDS: dict[str, Any] = {
    "id": "o", "entity": "ZR7", "client_id": "c", "produit": "PV", "departements": ["*"], "quota_semaine": 0,
    "priorite": 5, "lb_target_pct": 0, "active": True, "auto_renew": True, "opened_week": "2026-W11",
    "created_at": NOW, "updated_at": NOW,
}  # fmt: skip
ORDER = Commande(**_FIELDS)


@pytest.mark.parametrize(
    ("client", "closed", "day", "said"),
    [
        (CLIENT, None, DAY, ("go", "")),
        (CLIENT, "Fermé.", DAY, ("wait", "calendar_closed")),
        (CLIENT.model_copy(update={"suspended": HELD}), None, DAY, ("hold", "client_suspended")),
        (CLIENT.model_copy(update={"suspended": HELD}), None, date(2026, 3, 11), ("hold", "client_suspended")),
        (CLIENT.model_copy(update={"suspended": HELD}), None, date(2026, 3, 13), ("go", "")),
        (CLIENT.model_copy(update={"suspended": HELD}), "Fermé.", DAY, ("wait", "calendar_closed")),
        (CLIENT.model_copy(update={"suspended": HELD, "active": False}), None, DAY, ("never", "client_inactive")),
        (CLIENT.model_copy(update={"client_status": "Blocked"}), None, DAY, ("never", "client_blocked")),
        (None, None, DAY, ("never", "client_inactive")),
    ],
)
def test_what_the_gate_says(client: Client | None, closed: str | None, day: date, said: tuple[str, str]) -> None:
    verdict = may_deliver_now(ORDER, client, REACHED, closed, day)
    assert (verdict.answer, verdict.reason) == said
