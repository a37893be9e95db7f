"""A batch and its file, from its deliveries. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime

from backend.batches.models import Batch
from backend.core.ids import new_id
from backend.deliveries import csvfile
from backend.deliveries.models import Delivery


def frozen(rows: Sequence[Delivery], day: date, number: int, now: datetime, run_id: str | None = None) -> Batch:
    """The batch of these deliveries of one client and commande, its file written."""
    first = rows[0]
    text = csvfile.render(first.entity, first.produit, [one.contact for one in rows])
    return Batch(
        id=new_id(),
        entity=first.entity,
        client_id=first.client_id,
        client_name=first.client_name,
        commande_id=first.commande_id,
        produit=first.produit,
        csv_filename=csvfile.filename(first.entity, first.produit, day, number),
        day=day.isoformat(),
        run_id=run_id,
        created_at=now,
        csv=text,
        csv_sha256=sha256(text),
        **counts(rows),
    )


def counts(rows: Sequence[Delivery]) -> dict[str, object]:
    lb = sum(one.is_lb for one in rows)
    ids = [one.id for one in rows]
    return {"delivery_ids": ids, "lead_count": len(rows), "lb_count": lb, "fresh_count": len(rows) - lb}


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
