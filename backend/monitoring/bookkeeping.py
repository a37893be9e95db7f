"""The promises of money on the whole base: gathers the rows that `accounts` judges."""

from __future__ import annotations

from backend.deliveries.models import Delivery
from backend.deliveries.service import DeliveriesService
from backend.intercompany.service import IntercompanyService
from backend.invoices.service import InvoicesService
from backend.ledger.service import LedgerService
from backend.monitoring import accounts
from backend.monitoring.models import Check


class Bookkeeping:
    def __init__(
        self,
        deliveries: DeliveriesService,
        ledger: LedgerService,
        invoices: InvoicesService,
        intercompany: IntercompanyService,
    ) -> None:
        self._deliveries = deliveries
        self._ledger = ledger
        self._invoices = invoices
        self._intercompany = intercompany

    async def checks(self) -> list[Check]:
        """Every promise of money; all counts must be zero on a quiet base."""
        books = accounts.Books({one.id: one.invoice_id async for one in self._invoices.store.every_unit()})
        async for entry in self._ledger.every():
            books.see(entry)
        books.close()
        documents = [one async for one in self._invoices.every()]
        weeks = {(one.client_id, one.week_key): one async for one in self._ledger.every_week()}
        crossed: dict[str, tuple[str, str, str]] = {}
        sent: list[Delivery] = []
        async for delivery in self._deliveries.every():
            sent.append(delivery)
            if delivery.lead_entity and delivery.lead_entity != delivery.entity:
                crossing = f"{delivery.lead_entity}>{delivery.entity}"
                crossed[delivery.id] = (delivery.status, delivery.outcome or "", crossing)
        transfers = [one async for one in self._intercompany.every()]
        by_id = {one.id: one for one in documents}
        return [
            accounts.ledger_matches(books, documents, weeks),
            accounts.units_follow(books, sent),
            accounts.contiguous(documents, await self._invoices.store.series()),
            accounts.transfers_match(transfers, crossed, by_id),
            accounts.paid_match(documents, await self._invoices.store.paid()),
        ]
