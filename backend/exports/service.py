"""What the accountant takes away of a period: the list of invoices and avoirs, or the FEC of the sales journal."""

from __future__ import annotations

from datetime import date
from typing import Literal

from backend.core.errors import BadRequest, Conflict
from backend.core.tenancy import Scope
from backend.core.weeks import paris_day
from backend.documents import exports
from backend.documents.models import Sale, VatLine
from backend.invoices.models import Invoice
from backend.invoices.service import InvoicesService
from backend.parametres.service import ParametresService

Format = Literal["csv", "xlsx", "fec"]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STATUS = {"issued": "Émise", "paid": "Payée", "void": "Annulée par avoir"}


class Exports:
    def __init__(self, invoices: InvoicesService, parametres: ParametresService) -> None:
        self._invoices = invoices
        self._parametres = parametres

    @property
    def today(self) -> date:
        return self._invoices.today

    async def file(self, scope: Scope, first: date, last: date, kind: Format) -> tuple[str, str, str | bytes]:
        """(file name, media type, content) of what was issued between two Paris days, both included."""
        found = self._invoices.store.issued_between(scope, first.isoformat(), last.isoformat())
        sales = [_sale(one) async for one in found]
        name = f"factures_{scope.name}_{first.isoformat()}_{last.isoformat()}"
        if kind == "csv":
            return f"{name}.csv", "text/csv; charset=utf-8", exports.invoices_csv(sales)
        if kind == "xlsx":
            return f"{name}.xlsx", _XLSX, exports.invoices_xlsx(sales)
        siren = await self._siren(scope)
        return exports.fec_filename(siren, last), "text/plain; charset=utf-8", exports.fec(sales)

    async def _siren(self, scope: Scope) -> str:
        """A FEC is of one company."""
        if len(scope.entities) != 1:
            raise BadRequest("Un FEC est celui d'une société : choisissez l'entité.", code="entity_required")
        siren = (await self._parametres.current()).legal(scope.entities[0]).siren
        if not siren:
            raise Conflict("Le SIREN de l'entité manque : complétez les mentions légales.", code="mentions_missing")
        return siren


def _sale(one: Invoice) -> Sale:
    buyer = one.buyer or {}
    return Sale(
        number=str(one.invoice_number),
        kind=one.type,
        issue_date=date.fromisoformat(str(one.issue_date)),
        due_date=date.fromisoformat(str(one.due_at)),
        client_code=one.client_id or one.client_name,
        client_name=one.client_name,
        siren=buyer.get("siren", ""),
        tva_number=buyer.get("tva_number", ""),
        corrects=one.corrects.invoice_number if one.corrects else "",
        vat_breakdown=tuple(VatLine(rate=part.rate, base_ht=part.base_ht, vat=part.vat) for part in one.vat_breakdown),
        total_ht=one.amount_ht,
        total_vat=one.vat_amount,
        total_ttc=one.amount_ttc,
        paid=one.paid_amount,
        status=_STATUS[one.status],
        paid_on=paris_day(one.paid_at) if one.paid_at else None,
    )
