"""What the accountant takes away: always balanced, 18 columns, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from backend.documents.exports import (
    CLIENTS,
    FEC_COLUMNS,
    SALES,
    TVA,
    Unbalanced,
    entry,
    fec,
    fec_filename,
    invoices_csv,
    invoices_xlsx,
    sale_of,
)
from backend.documents.models import Sale
from backend.documents.totals import priced, totals_of
from tests.support.papers import forty, paper, papers

MONEY = st.decimals(0, 500, places=2)
RATES = st.sampled_from([Decimal(rate) for rate in ("20", "10", "8.5", "5.5", "0")])
LINES = st.lists(st.tuples(st.integers(0, 300), MONEY, RATES), min_size=1, max_size=8)
KINDS = st.sampled_from(["invoice", "credit_note", "prepayment", "intercompany"])


def sale(lines: list[tuple[int, Decimal, Decimal]], kind: str = "invoice", number: str = "ZR7-2026-000001") -> Sale:
    breakdown, ht, vat, ttc = totals_of(priced("Leads", units, price, rate) for units, price, rate in lines)
    return Sale.model_validate(
        {
            "number": number,
            "kind": kind,
            "issue_date": date(2026, 10, 26),
            "due_date": date(2026, 11, 25),
            "client_code": "C-000059",
            "client_name": "Soleil d'Oc",
            "vat_breakdown": breakdown,
            "total_ht": ht,
            "total_vat": vat,
            "total_ttc": ttc,
        }
    )


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.endswith("\r\n")
    head, *rows = (line.split("\t") for line in text[:-2].split("\r\n"))
    assert tuple(head) == FEC_COLUMNS and len(head) == 18
    return [dict(zip(head, row, strict=True)) for row in rows]


def amount(text: str) -> Decimal:
    assert re.fullmatch(r"\d+,\d\d", text), text
    return Decimal(text.replace(",", "."))


@given(st.lists(st.tuples(LINES, KINDS), max_size=8))
@settings(deadline=None)
def test_the_journal_is_always_balanced(documents: list[tuple[list[tuple[int, Decimal, Decimal]], str]]) -> None:
    sales = [sale(lines, kind, f"ZR7-2026-{place:06d}") for place, (lines, kind) in enumerate(documents)]
    balance: dict[str, Decimal] = defaultdict(Decimal)
    numbers = []
    for row in rows_of(fec(sales)):
        debit, credit = amount(row["Debit"]), amount(row["Credit"])
        assert (debit == 0) != (credit == 0), "one side of each line"
        balance[row["EcritureNum"]] += debit - credit
        numbers.append(int(row["EcritureNum"]))
    assert set(balance.values()) <= {Decimal(0)}
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, sum(one.total_ttc > 0 for one in sales) + 1)), "numbered without a gap"


def test_an_invoice_and_its_avoir_turn_around() -> None:
    lines = [(2, Decimal("22.50"), Decimal(20)), (1, Decimal("10"), Decimal("8.5"))]
    assert [(account, debit, credit) for account, _, debit, credit in entry(sale(lines))] == [
        (CLIENTS, Decimal("64.85"), 0),
        (SALES, 0, Decimal("45.00")),
        (TVA, 0, Decimal("9.00")),
        (SALES, 0, Decimal("10.00")),
        (TVA, 0, Decimal("0.85")),
    ]
    back = {(account, label): (credit, debit) for account, label, debit, credit in entry(sale(lines, "credit_note"))}
    assert back == {(account, label): (debit, credit) for account, label, debit, credit in entry(sale(lines))}


def test_each_row_says_what_the_law_asks() -> None:
    row, *_ = rows_of(fec([sale_of(papers()["facture"], client_code="C-000059")]))
    assert row == {
        "JournalCode": "VE",
        "JournalLib": "Journal des ventes",
        "EcritureNum": "1",
        "EcritureDate": "20261026",
        "CompteNum": "411000",
        "CompteLib": "Clients",
        "CompAuxNum": "C-000059",
        "CompAuxLib": "Soleil d'Oc Exemple",
        "PieceRef": "ZR7-2026-000042",
        "PieceDate": "20261026",
        "EcritureLib": "Facture ZR7-2026-000042 Soleil d'Oc Exemple",
        "Debit": "477,60",
        "Credit": "0,00",
        "EcritureLet": "",
        "DateLet": "",
        "ValidDate": "20261026",
        "Montantdevise": "",
        "Idevise": "",
    }
    assert fec_filename("000000034", date(2026, 12, 31)) == "000000034FEC20261231.txt"


def test_entries_follow_the_days_and_free_documents_have_none() -> None:
    old = sale([(1, Decimal(5), Decimal(20))], number="ZR7-2026-000009").model_copy(
        update={"issue_date": date(2026, 9, 1)}
    )
    rows = rows_of(fec([sale([(1, Decimal(5), Decimal(20))]), old, sale([(3, Decimal(0), Decimal(20))])]))
    assert [row["PieceRef"] for row in rows] == ["ZR7-2026-000009"] * 3 + ["ZR7-2026-000001"] * 3


def test_what_is_not_balanced_enters_no_book() -> None:
    wrong = sale([(1, Decimal(5), Decimal(20))]).model_copy(update={"total_ttc": Decimal("6.01")})
    with pytest.raises(Unbalanced, match="ZR7-2026-000001"):
        fec([wrong])


DANGEROUS = '=HYPERLINK("http://mauvais.test")'


def _listed() -> list[Sale]:
    evil = paper(buyer=paper().buyer.model_copy(update={"name": DANGEROUS}))
    paid = sale_of(paper(*forty()), client_code="C1", status="paid", paid=Decimal("100.5"), paid_on=date(2026, 11, 2))
    return [paid, sale_of(papers()["avoir"], client_code="C1"), sale_of(evil, client_code="C2", status="issued")]


def test_the_csv_reads_in_a_french_spreadsheet() -> None:
    text = invoices_csv(_listed())
    assert text.startswith("\ufeff")
    paid, avoir, evil = csv.DictReader(io.StringIO(text[1:]), delimiter=";")
    assert (paid["Total TTC"], paid["Réglé"], paid["Reste dû"]) == ("41533,85", "100,50", "41433,35")
    assert (paid["Date d'émission"], paid["Date de règlement"], paid["Statut"]) == ("26/10/2026", "02/11/2026", "paid")
    assert (avoir["Type"], avoir["Total HT"], avoir["Facture corrigée"]) == ("Avoir", "-45,00", "ZR7-2026-000031")
    assert evil["Client"] == f"'{DANGEROUS}"


def test_the_sheet_holds_numbers_dates_and_no_formula() -> None:
    sheet = load_workbook(io.BytesIO(invoices_xlsx(_listed()))).active
    assert sheet is not None
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[1][2] == datetime(2026, 10, 26) and rows[1][10] == 41533.85 and rows[2][10] == -54
    assert rows[3][4] == f"'{DANGEROUS}"
    assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert sheet.freeze_panes == "A2"
