"""Who sells and who buys, as an invoice prints them: frozen in it when it is issued."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.clients.models import Client
from backend.clients.rules import missing_to_invoice
from backend.clients.service import ClientsService
from backend.core.errors import Conflict
from backend.core.mongo import Tx
from backend.documents.models import Party
from backend.invoices.models import Invoice
from backend.parametres.legal import Legal, missing_to_issue
from backend.parametres.service import ParametresService


class Identities:
    """`names`: how each entity is called in the settings of the machine, until its legal name is given."""

    def __init__(self, parametres: ParametresService, clients: ClientsService, names: Mapping[str, str]) -> None:
        self._parametres = parametres
        self._clients = clients
        self._names = names

    async def of(self, invoice: Invoice, *, tx: Tx | None = None, demand: bool = True) -> dict[str, Any]:
        """{seller, buyer, legal} of today. `demand`: 409 when the law wants a mention that nobody has given."""
        settings = await self._parametres.current()
        legal = settings.legal(invoice.entity)
        missing = [f"{invoice.entity} : {one}" for one in missing_to_issue(legal)]
        if invoice.to_entity is not None:
            other = settings.legal(invoice.to_entity)
            missing += [f"{invoice.to_entity} : {one}" for one in missing_to_issue(other)]
            buyer = self._company(invoice.to_entity, other)
        else:
            client = (await self._clients.by_ids([str(invoice.client_id)], tx=tx))[str(invoice.client_id)]
            missing += [f"{client.name} : {one}" for one in missing_to_invoice(client)]
            buyer = _client(client)
        if missing and demand:
            raise Conflict(f"Mentions obligatoires à compléter : {' ; '.join(missing)}.", code="mentions_missing")
        seller = self._company(invoice.entity, legal)
        return {"seller": seller.model_dump(), "buyer": buyer.model_dump(), "legal": _mentions(legal)}

    def _company(self, code: str, legal: Legal) -> Party:
        return Party(
            name=legal.company_name or self._names[code],
            code=code,
            legal_form=legal.legal_form,
            capital=legal.capital,
            siren=legal.siren,
            siret=legal.siret,
            rcs=legal.rcs,
            tva_number=legal.tva_number,
            address=_lines(legal.address, legal.address_extra),
            postcode=legal.postcode,
            city=legal.city,
            email=legal.billing_email,
            phone=legal.phone,
            iban=legal.iban,
            bic=legal.bic,
        )


def _client(client: Client) -> Party:
    return Party(
        name=client.name,
        siren=client.siren,
        tva_number=client.tva_number,
        address=_lines(client.billing_address),
        postcode=client.billing_postcode,
        city=client.billing_city,
        email=client.billing_email or client.email,
    )


def _lines(*given: str) -> tuple[str, ...]:
    return tuple(one for one in given if one)


def _mentions(legal: Legal) -> dict[str, Any]:
    """What the document prints below its totals."""
    return {
        "late_penalties": legal.late_penalty_rate,
        "recovery_indemnity": legal.recovery_indemnity,
        "discount_terms": legal.discount_terms,
        "vat_on": legal.vat_on,
        "operation_category": legal.operation_category,
        "payment_terms": legal.payment_terms,
    }
