"""What the accountant takes away: the FEC of the sales journal, and the list of invoices as CSV and XLSX.

Pure: entries in, text or bytes out. Amounts in the entries are positive; an avoir turns the sides around.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from backend.core.cells import neutral
from backend.core.money import euros
from backend.documents.models import Document, Sale
from backend.documents.wording import LABELS

FEC_COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
JOURNAL = ("VE", "Journal des ventes")
CLIENTS, SALES, TVA = "411000", "706000", "445710"
LIST_COLUMNS = (
    "Numéro", "Type", "Date d'émission", "Échéance", "Client", "SIREN", "N° TVA", "Facture corrigée", "Total HT",
    "TVA", "Total TTC", "Réglé", "Reste dû", "Statut", "Date de règlement",
)  # fmt: skip
AMOUNTS = slice(8, 13)
Cell = str | Decimal | date


class Unbalanced(ValueError):
    """An entry whose debit is not its credit: it may not enter the books."""


def sale_of(
    document: Document,
    *,
    client_code: str,
    status: str = "",
    paid: Decimal = Decimal(0),
    paid_on: date | None = None,
) -> Sale:
    """The line of a document in the books. `client_code` names the client's own account (auxiliary)."""
    return Sale(
        number=document.number,
        kind=document.kind,
        issue_date=document.issue_date,
        due_date=document.due_date,
        client_code=client_code,
        client_name=document.buyer.name,
        siren=document.buyer.siren,
        tva_number=document.buyer.tva_number,
        corrects=document.corrects.number if document.corrects else "",
        vat_breakdown=document.vat_breakdown,
        total_ht=document.total_ht,
        total_vat=document.total_vat,
        total_ttc=document.total_ttc,
        paid=paid,
        status=status,
        paid_on=paid_on,
    )


def fec_filename(siren: str, closing: date) -> str:
    """`{SIREN}FEC{AAAAMMJJ}.txt`, the day being the end of the exercise (article A. 47 A-1 of the LPF)."""
    return f"{siren}FEC{closing:%Y%m%d}.txt"


def fec(sales: Iterable[Sale]) -> str:
    """The journal VE: 18 columns, tabs, one entry per document in the order of its day and number."""
    entries = [(sale, entry(sale)) for sale in sorted(sales, key=lambda one: (one.issue_date, one.number))]
    rows: list[tuple[str, ...]] = [FEC_COLUMNS]
    for place, (sale, lines) in enumerate(((sale, lines) for sale, lines in entries if lines), start=1):
        rows += [_fec_row(sale, place, *line) for line in lines]
    return "".join("\t".join(_flat(cell) for cell in row) + "\r\n" for row in rows)


def entry(sale: Sale) -> list[tuple[str, str, Decimal, Decimal]]:
    """Account, label, debit, credit: the client for the whole, sales and TVA for each rate. `Unbalanced` if not.

    Lines of nothing are left out: a document of free units alone has no entry.
    """
    lines = [(CLIENTS, "Clients", sale.total_ttc, Decimal(0))]
    for one in sale.vat_breakdown:
        rate = f"{one.rate.normalize():f}".replace(".", ",")
        lines.append((SALES, f"Prestations de services TVA {rate} %", Decimal(0), one.base_ht))
        lines.append((TVA, f"TVA collectée {rate} %", Decimal(0), one.vat))
    if sale.total_ttc != sum((credit for *_, credit in lines), Decimal(0)):
        raise Unbalanced(f"{sale.number} : le total TTC n'est pas la somme des bases et de la TVA.")
    if sale.kind == "credit_note":
        lines = [(account, label, credit, debit) for account, label, debit, credit in lines]
    return [line for line in lines if line[2] or line[3]]


def _fec_row(sale: Sale, place: int, account: str, label: str, debit: Decimal, credit: Decimal) -> tuple[str, ...]:
    """The aux account is the client's own, on the line of the client only."""
    day, client = f"{sale.issue_date:%Y%m%d}", account == CLIENTS
    return (
        *JOURNAL,
        str(place),
        day,
        account,
        label,
        sale.client_code if client else "",
        sale.client_name if client else "",
        sale.number,
        day,
        f"{LABELS[sale.kind]} {sale.number} {sale.client_name}",
        _comma(debit),
        _comma(credit),
        "",
        "",
        day,
        "",
        "",
    )


def invoices_csv(sales: Iterable[Sale]) -> str:
    """UTF-8 with its mark and semicolons, as a French spreadsheet expects; decimal commas; nothing is a formula."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(LIST_COLUMNS)
    for sale in sales:
        writer.writerow(_csv_cell(cell) for cell in _listed(sale))
    return "\ufeff" + out.getvalue()


def invoices_xlsx(sales: Iterable[Sale]) -> bytes:
    """One sheet; amounts and days are true numbers and dates, texts are never formulas."""
    from openpyxl import Workbook  # read at the first export, like the libraries of `facturx`
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Factures"
    sheet.append(LIST_COLUMNS)
    for sale in sales:
        sheet.append([neutral(cell) if isinstance(cell, str) else cell for cell in _listed(sale)])
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            if isinstance(cell.value, date):
                cell.number_format = "DD/MM/YYYY"
        for cell in row[AMOUNTS]:
            cell.number_format = "#,##0.00"
    for place in range(1, len(LIST_COLUMNS) + 1):
        sheet.cell(1, place).font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(place)].width = 32 if LIST_COLUMNS[place - 1] == "Client" else 17
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _listed(sale: Sale) -> Sequence[Cell]:
    """The cells of one document; an avoir counts below zero, so that columns add up."""
    sign = -1 if sale.kind == "credit_note" else 1
    amounts = (sale.total_ht, sale.total_vat, sale.total_ttc, sale.paid, sale.total_ttc - sale.paid)
    return (
        sale.number,
        LABELS[sale.kind],
        sale.issue_date,
        sale.due_date,
        sale.client_name,
        sale.siren,
        sale.tva_number,
        sale.corrects,
        *(sign * amount for amount in amounts),
        sale.status,
        sale.paid_on or "",
    )


def _csv_cell(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return _comma(cell)
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else neutral(cell)


def _comma(amount: Decimal) -> str:
    return euros(amount).replace(".", ",")


def _flat(cell: str) -> str:
    """Without the tabs and line breaks that would move columns."""
    return " ".join(cell.split())
