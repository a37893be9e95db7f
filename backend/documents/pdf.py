"""The page that a person reads: one when it fits, more with the head of the table repeated. Sober, in French."""

from __future__ import annotations

from collections.abc import Sequence

from backend.documents.models import DocLine, Document, Party
from backend.documents.paper import GREY, INK, MARGIN, PALE, Paper, Side
from backend.documents.wording import (
    SUBTITLES,
    TITLES,
    day,
    euros,
    grouped,
    identity,
    number,
    percent,
    phone,
    registration,
    small_print,
    spaced,
    subject,
    terms,
)

COLUMNS: tuple[tuple[str, float, Side], ...] = (
    ("Désignation", 73, "L"),
    ("Quantité", 16, "R"),
    ("PU HT", 20, "R"),
    ("Remise", 14, "R"),
    ("PU net HT", 20, "R"),
    ("TVA", 13, "R"),
    ("Total HT", 22, "R"),
)
ROW, PAD, HEAD = 4.0, 1.3, 7.0
SUMS = 74.0  # width of the totals
Line = tuple[str, bool]


def render(document: Document) -> bytes:
    """PDF/A-3 without its attachment. The caller has checked that the document adds up."""
    paper = Paper(document)
    paper.add_page()
    _head(paper, document)
    _parties(paper, document)
    _context(paper, document)
    _table(paper, document)
    _totals(paper, document)
    _payment(paper, document)
    _mentions(paper, document)
    return bytes(paper.output())


def _head(paper: Paper, document: Document) -> None:
    paper.mark(MARGIN, MARGIN)
    paper.ink(19, paper.colour, bold=True)
    paper.put(TITLES[document.kind], paper.right - 78, MARGIN - 0.4, 78, 8, "R")
    paper.ink(11, bold=True)
    paper.put(f"N° {document.number}", paper.right - 78, MARGIN + 7.8, 78, 5.2, "R")
    paper.ink(8.5, GREY)
    paper.put(SUBTITLES.get(document.kind, ""), paper.right - 78, MARGIN + 13.2, 78, 4, "R")
    paper.set_y(MARGIN + 21)


def _parties(paper: Paper, document: Document) -> None:
    top, half, inset = paper.y, (paper.right - MARGIN - 6) / 2, 4.0
    title = "Crédité à" if document.kind == "credit_note" else "Facturé à"
    seller = _wrapped(paper, _card(document.seller, contact=True), half - inset)
    buyer = _wrapped(paper, _card(document.buyer, contact=False), half - 2 * inset)
    tall = 10 + 4.1 * max(len(seller), len(buyer)) + 2.5
    other = MARGIN + half + 6
    paper.set_fill_color(*PALE)
    paper.rect(other, top, half, tall, style="F", round_corners=True, corner_radius=1.5)
    for x, name, lines in ((MARGIN, "Émetteur", seller), (other + inset, title, buyer)):
        paper.ink(7.5, paper.colour, bold=True)
        paper.put(name.upper(), x, top + 3, half - inset, 4)
        for place, (text, bold) in enumerate(lines):
            paper.ink(9, bold=bold)
            paper.put(text, x, top + 8.5 + 4.1 * place, half - inset, 4.1)
    paper.set_y(top + tall + 4)


def _card(party: Party, *, contact: bool) -> list[Line]:
    place = f"{party.postcode} {party.city}".strip()
    country = party.country if party.country != "FR" else ""
    told: list[Line] = [(party.name, True)]
    told += [(text, False) for text in (*party.address, place, country) if text]
    told += [(text, False) for text in (identity(party), *registration(party)) if text]
    reach = " – ".join(one for one in (phone(party.phone), party.email) if one)
    return [*told, (reach, False)] if contact and reach else told


def _wrapped(paper: Paper, lines: Sequence[Line], width: float) -> list[Line]:
    cut = []
    for text, bold in lines:
        paper.ink(9, bold=bold)
        cut += [(one, bold) for one in paper.lines(text, width)]
    return cut


def _context(paper: Paper, document: Document) -> None:
    """Days and references in a row, then what the document is about."""
    facts = [("Date d'émission", day(document.issue_date))]
    if document.kind != "credit_note":
        facts.append(("Échéance", day(document.due_date)))
    if document.period_start and document.period_end:
        facts.append(("Période", f"du {day(document.period_start)} au {day(document.period_end)}"))
    references = (("Votre commande", document.order_reference), ("Contrat", document.contract_reference))
    facts += [(label, text) for label, text in references if text]
    share, x, top = (paper.right - MARGIN) / max(4.5, len(facts) + 0.5), MARGIN, paper.y
    for label, text in facts:
        width = share * (1.5 if label == "Période" else 1)
        paper.ink(7.5, GREY)
        paper.put(label, x, top, width - 3, 4)
        paper.ink(9, bold=True)
        paper.put(text, x, top + 4, width - 3, 4.4)
        x += width
    paper.set_y(top + 10.5)
    if document.corrects is not None:
        paper.ink(10, paper.colour, bold=True)
        corrected = f"Avoir sur la facture n° {document.corrects.number} du {day(document.corrects.issue_date)}"
        paper.write_block(corrected, MARGIN, paper.right - MARGIN, 5)
        paper.set_y(paper.y + 1)
    if document.description:
        paper.ink(9.5)
        paper.write_block(document.description, MARGIN, paper.right - MARGIN, 4.6)
    paper.set_y(paper.y + 2.5)


def _table(paper: Paper, document: Document) -> None:
    _table_head(paper)
    for line in document.lines:
        paper.ink(8.6)
        label = paper.lines(line.label, COLUMNS[0][1] - 3)
        tall = ROW * len(label) + 2 * PAD
        if paper.y + tall > paper.bottom:
            _next_page(paper)
            _table_head(paper)
        below = paper.y + tall
        _row(paper, line, label)
        paper.set_y(below)
        paper.rule(paper.y, width=0.15)
    paper.set_y(paper.y + 4)


def _table_head(paper: Paper) -> None:
    top = paper.y
    paper.set_fill_color(*paper.colour)
    paper.rect(MARGIN, top, paper.right - MARGIN, HEAD, style="F")
    paper.ink(8, (255, 255, 255), bold=True)
    _across(paper, [name for name, _, _ in COLUMNS], top, HEAD)
    paper.set_y(top + HEAD)


def _row(paper: Paper, line: DocLine, label: Sequence[str]) -> None:
    top = paper.y + PAD
    paper.ink(8.6)
    for place, text in enumerate(label):
        paper.put(text, MARGIN + 1.5, top + ROW * place, COLUMNS[0][1] - 2, ROW)
    cells = (
        "",
        number(line.quantity),
        grouped(line.unit_price_ht),
        percent(line.discount_pct) if line.discount_pct else "–",
        grouped(line.net_unit_price_ht),
        percent(line.vat_rate),
        grouped(line.total_ht),
    )
    _across(paper, cells, top, ROW)


def _across(paper: Paper, cells: Sequence[str], top: float, tall: float) -> None:
    x = MARGIN
    for text, (_, width, side) in zip(cells, COLUMNS, strict=True):
        paper.put(text, x + 1.5, top, width - 3, tall, side)
        x += width


def _next_page(paper: Paper) -> None:
    """A page with the number of the document at its head."""
    paper.add_page()
    paper.ink(9, GREY)
    paper.put(f"{subject(paper.document)} (suite)", MARGIN, MARGIN - 4, paper.right - MARGIN, 5)
    paper.set_y(MARGIN + 4)


def _room(paper: Paper, tall: float) -> None:
    """Start a page when `tall` does not fit on this one."""
    if paper.y + tall > paper.bottom:
        _next_page(paper)


def _totals(paper: Paper, document: Document) -> None:
    sums = [("Total HT", document.total_ht), ("Total TVA", document.total_vat), ("Total TTC", document.total_ttc)]
    if document.paid_already:
        sums.append(("Déjà réglé", -document.paid_already))
    tall = 5.4 * max(len(sums), len(document.vat_breakdown) + 1) + 12
    _room(paper, tall + 30)
    top, x = paper.y, paper.right - SUMS
    for place, (label, amount) in enumerate(sums):
        paper.ink(9, bold=label == "Total TTC")
        paper.put(label, x + 2, top + 5.4 * place, 30, 5.4)
        paper.put(euros(amount), x + 32, top + 5.4 * place, SUMS - 33.5, 5.4, "R")
    below = top + 5.4 * len(sums) + 1.5
    paper.set_fill_color(*paper.colour)
    paper.rect(x, below, SUMS, 9, style="F", round_corners=True, corner_radius=1.2)
    paper.ink(11, (255, 255, 255), bold=True)
    paper.put("Net à votre crédit" if document.kind == "credit_note" else "Net à payer", x + 2, below, 36, 9)
    paper.put(euros(document.balance_due), x + 36, below, SUMS - 37.5, 9, "R")
    _vat(paper, document, top)
    paper.set_y(top + tall + 2)


def _vat(paper: Paper, document: Document, top: float) -> None:
    paper.ink(7.5, GREY)
    cells = [("Taux de TVA", "Base HT", "Montant de TVA")]
    cells += [(percent(one.rate), euros(one.base_ht), euros(one.vat)) for one in document.vat_breakdown]
    for place, texts in enumerate(cells):
        if place == 1:
            paper.ink(8.6)
        for column, text in enumerate(texts):
            paper.put(text, MARGIN + 1.5 + 28 * column, top + 5.4 * place, 26, 5.4, "R" if column else "L")
    paper.set_draw_color(*GREY)
    paper.line(MARGIN, top + 5.4, MARGIN + 84, top + 5.4)


def _payment(paper: Paper, document: Document) -> None:
    """How and when it is paid: the account of the seller, and what to write on the transfer."""
    seller, told = document.seller, [("Règlement", terms(document))]
    if document.kind != "credit_note" and document.balance_due and seller.iban:
        told += [("IBAN", spaced(seller.iban, 4)), ("BIC", seller.bic), ("Titulaire", seller.name)]
        told.append(("À rappeler", document.number))
    paper.ink(8.8)
    width = paper.right - MARGIN - 30
    cut = [(label, paper.lines(text, width)) for label, text in told if text]
    tall = 4.6 * sum(len(lines) for _, lines in cut) + 4
    _room(paper, tall)
    top = paper.y
    paper.set_fill_color(*PALE)
    paper.rect(MARGIN, top, paper.right - MARGIN, tall, style="F", round_corners=True, corner_radius=1.5)
    y = top + 2
    for label, lines in cut:
        paper.ink(8.8, GREY)
        paper.put(label, MARGIN + 4, y, 22, 4.6)
        paper.ink(8.8, INK, bold=label == "IBAN")
        for text in lines:
            paper.put(text, MARGIN + 26, y, width, 4.6)
            y += 4.6
    paper.set_y(top + tall + 4)


def _mentions(paper: Paper, document: Document) -> None:
    blocks = [(8.8, 4.2, INK, document.note), *((7.4, 3.5, GREY, text) for text in small_print(document))]
    for size, tall, colour, text in blocks:
        paper.ink(size, colour)
        for line in paper.lines(text, paper.right - MARGIN) if text else ():
            if paper.y + tall > paper.bottom:
                _next_page(paper)
                paper.ink(size, colour)
            paper.put(line, MARGIN, paper.y, paper.right - MARGIN, tall)
            paper.set_y(paper.y + tall)
        paper.set_y(paper.y + (0.8 if text else 0))
