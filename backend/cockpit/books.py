"""What money asks of a person, and what the week is worth: reads of the folders of money for the Cockpit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from backend.clients.service import ClientsService
from backend.cockpit.models import Todo
from backend.core.tenancy import Scope
from backend.ledger.service import LedgerService
from backend.payments.service import Overdue
from backend.prepaid.service import PrepaidService
from backend.pricing.service import PricingService


@dataclass(frozen=True, slots=True)
class Books:
    clients: ClientsService
    pricing: PricingService
    prepaid: PrepaidService
    overdue: Overdue
    ledger: LedgerService

    async def todo(self, scope: Scope) -> list[Todo]:
        """Prices nobody gave, units paid in advance that end, invoices that are late: one line per client."""
        lines = [
            Todo(kind="price_missing", entity=one.entity, count=1, names=[f"{one.client_name} · {one.produit}"],
                 client_id=one.client_id, target=one.produit)
            for one in await self.pricing.missing(scope) if scope.allows(one.entity)
        ]  # fmt: skip
        low = await self.prepaid.low(scope)
        known = await self.clients.by_ids({one.client_id for one in low})
        lines += [
            Todo(kind="prepaid_low", entity=one.entity, count=one.units_remaining, client_id=one.client_id,
                 names=[f"{known[one.client_id].name} · {one.product_code}"], target=one.product_code)
            for one in low if one.client_id in known
        ]  # fmt: skip
        lines += [
            Todo(kind="invoices_overdue", entity=one.entity, count=one.invoice_count, names=[one.client_name],
                 client_id=one.client_id, amount=one.total_ttc)
            for one in (await self.overdue.read(scope)).clients
        ]  # fmt: skip
        return lines

    async def revenue(self, scope: Scope, window: tuple[datetime, datetime]) -> Decimal:
        """Billable HT of what counts in the window: units sent, less those taken back."""
        return await self.ledger.worth(scope, *window)
