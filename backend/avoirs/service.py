"""Avoirs asked for by hand, and acomptes: documents that are issued in the transaction of what they tell."""

from __future__ import annotations

from backend.clients.service import ClientsService
from backend.core.errors import Conflict, InvalidInput
from backend.core.ids import new_id
from backend.core.mongo import Tx
from backend.core.tenancy import Scope
from backend.invoices import rules
from backend.invoices.drafting import content
from backend.invoices.models import CreditBody, Invoice, TopUpBody
from backend.invoices.service import InvoicesService
from backend.ledger.service import LedgerService
from backend.prepaid.service import PrepaidService
from backend.pricing.service import PricingService


class Avoirs:
    def __init__(
        self,
        invoices: InvoicesService,
        clients: ClientsService,
        ledger: LedgerService,
        pricing: PricingService,
        prepaid: PrepaidService,
    ) -> None:
        self._invoices = invoices
        self._clients = clients
        self._ledger = ledger
        self._pricing = pricing
        self._prepaid = prepaid

    # -- avoirs ----------------------------------------------------------------------------------------------

    async def credit(self, scope: Scope, invoice_id: str, body: CreditBody, by: str) -> Invoice:
        """Issue an avoir on an issued invoice: selected units, unused units of an acompte, or all that is left."""
        known = await self._invoices.get(scope, invoice_id)
        series = rules.series(known.entity, "credit_note", self._invoices.today.year)
        async with self._invoices.mongo.queue([f"series:{series}"]):
            return await self._invoices.mongo.transaction(lambda tx: self._credit(tx, scope, invoice_id, body, by))

    async def _credit(self, tx: Tx, scope: Scope, invoice_id: str, body: CreditBody, by: str) -> Invoice:
        original = await self._invoices.get(scope, invoice_id, tx=tx)
        if original.status not in {"issued", "paid"} or original.type not in {"invoice", "prepayment"}:
            raise Conflict("Un avoir se fait sur une facture émise, à un client.")
        if original.type == "prepayment":
            draft = await self._acompte_back(tx, original, body, by)
        elif original.week_key:
            draft = await self._units_back(tx, original, body, by)
        else:
            draft = await self._whole(tx, original, body, by)
        return await self._invoices.issue_in(tx, Scope((original.entity,)), draft.id, by)

    async def _units_back(self, tx: Tx, original: Invoice, body: CreditBody, by: str) -> Invoice:
        units = await self._invoices.store.bound(original.id, body.delivery_ids, tx=tx)
        unknown = set(body.delivery_ids) - {one.delivery_id for one in units}
        if unknown:
            raise InvalidInput({"delivery_ids": f"Pas sur cette facture : {', '.join(sorted(unknown)[:5])}"})
        undone = await self._ledger.undone([one.id for one in units], tx=tx)
        if body.delivery_ids and undone:
            raise Conflict("Une de ces unités a déjà été reprise ou créditée.")
        left = [one.id for one in units if one.id not in undone]
        if not left:
            raise Conflict("Toutes les unités de cette facture ont déjà été reprises.")
        reversals = await self._ledger.credit(tx, left, by)
        key = f"credit:{original.id}:{new_id()}"
        return await self._invoices.drafting.avoir(
            tx, original.id, reversals, by, key=key, week=None, reason=body.reason
        )

    async def _acompte_back(self, tx: Tx, original: Invoice, body: CreditBody, by: str) -> Invoice:
        """Units bought and not used go back, at the price they were bought."""
        assert original.client_id is not None
        line = original.line_items[0]
        units = body.units or line.quantity
        key = f"credit:{original.id}:{new_id()}"
        told = {"by": by, "reason": body.reason, "ref": key}
        if not await self._prepaid.withdraw(tx, original.entity, original.client_id, line.product_code, units, **told):
            raise Conflict("Ces unités ont déjà été utilisées ou sont réservées.", code="prepaid_used")
        back = rules.unit_line("prepaid", line.label, line.product_code, units, line.unit_price_ht, line.discount_pct,
                               line.vat_rate)  # fmt: skip
        return await self._invoices.drafting.credit(tx, original, [back], by, key=key, week=None, reason=body.reason)

    async def _whole(self, tx: Tx, original: Invoice, body: CreditBody, by: str) -> Invoice:
        if original.credited_ht:
            raise Conflict("Cette facture a déjà un avoir.")
        key = f"credit:{original.id}:{new_id()}"
        lines = original.line_items
        return await self._invoices.drafting.credit(tx, original, lines, by, key=key, week=None, reason=body.reason)

    # -- acomptes --------------------------------------------------------------------------------------------

    async def top_up(self, scope: Scope, client_id: str, body: TopUpBody, by: str) -> Invoice:
        """Sell units in advance: the balance and its invoice (acompte), together or not at all."""
        client = await self._clients.get(scope, client_id)
        series = rules.series(client.entity, "prepayment", self._invoices.today.year)
        async with self._invoices.mongo.queue([f"series:{series}"]):
            return await self._invoices.mongo.transaction(lambda tx: self._sell(tx, client.entity, client_id, body, by))

    async def _sell(self, tx: Tx, entity: str, client_id: str, body: TopUpBody, by: str) -> Invoice:
        quote = await self._pricing.quote(client_id, body.product_code, self._invoices.today, tx=tx)
        if quote.missing or quote.unit_price is None:
            raise Conflict(
                f"Aucun prix {body.product_code} pour ce client : saisissez-le d'abord.", code="pricing_missing"
            )
        if quote.mode != "PREPAID":
            raise Conflict("Ce produit n'est pas en prépayé pour ce client.")
        label = f"Acompte : {body.units_to_add} leads {body.product_code} prépayés"
        line = rules.unit_line("prepaid", label, body.product_code, body.units_to_add, quote.unit_price,
                               quote.discount_pct, quote.tva_rate)  # fmt: skip
        words = {"description": body.note or "Acompte sur leads prépayés", "origin_key": f"topup:{new_id()}"}
        draft = await self._invoices.drafting.blank(tx, "prepayment", entity, client_id, by, **words)
        draft = draft.model_copy(update=content([line], rules.totals([line]), body.units_to_add))
        await self._invoices.store.insert(tx, draft)
        told = {"by": by, "reason": body.note, "ref": draft.id}
        await self._prepaid.add(tx, entity, client_id, body.product_code, body.units_to_add, **told)
        return await self._invoices.issue_in(tx, Scope((entity,)), draft.id, by)
