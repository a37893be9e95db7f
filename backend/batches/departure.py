"""Where a batch goes, and the outbox rows that take it there."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from backend.batches.models import Batch
from backend.channels.http_push import mapping
from backend.clients.deliverability import Reach
from backend.clients.models import Client
from backend.clients.push import Proof, channel
from backend.core import phone as phones
from backend.deliveries.models import Delivery
from backend.outbox.models import NewRow


@dataclass(frozen=True, slots=True)
class Way:
    """The addresses, the client's own HTTP interface when it is called too, and which of the two proves."""

    recipients: tuple[str, ...]
    interface: Client | None = None
    proof: Proof = "email"

    @property
    def by_lead(self) -> bool:
        """Each delivery follows a row of its own."""
        return self.proof == "api" and self.interface is not None and self.interface.push.per_call == "lead"

    @property
    def shown(self) -> list[str]:
        return [*self.recipients, *([shown_url(self.interface)] if self.interface else [])]


def way(client: Client | None, reach: Reach) -> Way:
    return Way(reach.recipients, client if reach.push else None, reach.proof)


def shown_url(client: Client) -> str:
    """The interface's address without its query, which may hold a key."""
    return client.api_endpoint.partition("?")[0]


def email_row(batch: Batch, address: str, body: dict[str, Any], deadline: datetime) -> NewRow:
    digest = hashlib.sha256(address.encode()).hexdigest()[:12]
    return _email(f"batch:{batch.id}:smtp:{digest}", batch, address, body, deadline, kind="email", batch_id=batch.id)


def copy_row(batch: Batch, address: str, body: dict[str, Any], deadline: datetime, copy_id: str) -> NewRow:
    """A message that changes no state."""
    return _email(f"copy:{copy_id}", batch, address, body, deadline, kind="email_copy", batch_id="")


def _email(
    row_id: str, batch: Batch, address: str, body: dict[str, Any], deadline: datetime, *, kind: str, batch_id: str
) -> NewRow:
    return NewRow(
        id=row_id,
        kind=kind,
        channel=f"smtp:{batch.entity}",
        entity=batch.entity,
        batch_id=batch_id,
        client_id=batch.client_id,
        to=address,
        payload=body,
        deadline_at=deadline,
    )


def push_rows(batch: Batch, client: Client, rows: Sequence[Delivery], day: date, deadline: datetime) -> list[NewRow]:
    """One call per lead, or one for the batch; the bodies are frozen here."""
    template = client.push.mapping
    leads = [(one.id, fields(one, day)) for one in rows]
    if client.push.per_call == "batch":
        body = mapping.batch_body(template, batch.id, batch.produit, [lead for _, lead in leads])
        return [_push_row(batch, client, body, deadline)]
    return [_push_row(batch, client, mapping.body(template, lead), deadline, one) for one, lead in leads]


def _push_row(batch: Batch, client: Client, body: str, deadline: datetime, delivery_id: str = "") -> NewRow:
    return NewRow(
        id=f"batch:{batch.id}:http" + (f":{delivery_id}" if delivery_id else ""),
        kind="http",
        channel=channel(client.entity, client.id),
        entity=batch.entity,
        batch_id=batch.id,
        delivery_id=delivery_id,
        client_id=client.id,
        to=shown_url(client),
        payload={"body": body},
        deadline_at=deadline,
    )


def fields(one: Delivery, day: date) -> dict[str, str]:
    """What a template may take of a delivery (`mapping.FIELDS`)."""
    contact = one.contact.model_dump()
    own = {"id": one.id, "telephone": phones.export(one.contact.phone), "produit": one.produit, "entity": one.entity}
    return {**contact, **own, "date": day.isoformat()}
