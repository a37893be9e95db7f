"""What a company's own CRM is told of a lead it sold."""

from __future__ import annotations

import json
from typing import Any

from backend.core import phone as phones
from backend.core import weeks
from backend.deliveries.models import Delivery
from backend.outbox.models import NewRow


def channel(entity: str) -> str:
    """The outbox channel of the company's CRM: it is paused alone."""
    return f"crm:{entity}"


def row(one: Delivery) -> NewRow:
    """One call per delivery; its id is the `Idempotency-Key`. It belongs to no batch: nothing follows it."""
    return NewRow(
        id=f"crm:{one.id}",
        kind="crm",
        channel=channel(one.entity),
        entity=one.entity,
        delivery_id=one.id,
        client_id=one.client_id,
        to=f"CRM {one.entity}",
        payload={"body": json.dumps(told(one), ensure_ascii=False, separators=(",", ":"))},
    )


def told(one: Delivery) -> dict[str, Any]:
    """The prospect under the names of the CSV, and the sale. `telephone` as in the CSV, `phone` in E.164."""
    at = one.last_sent_at
    return {
        **one.contact.model_dump(),
        "telephone": phones.export(one.contact.phone),
        "produit": one.produit,
        "entity": one.entity,
        "lead_id": one.lead_id,
        "delivery_id": one.id,
        "client": one.client_name,
        "is_lb": one.is_lb,
        "date": weeks.paris_day(at).isoformat() if at else "",
        "sent_at": at.isoformat() if at else "",
    }
