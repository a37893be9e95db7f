"""The XML of a document: UN/CEFACT CII in the EN 16931 profile of Factur-X. Amounts with two places, days as 102."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal

from backend.core.money import euros
from backend.documents.models import DocLine, Document, Kind, Party, VatLine
from backend.documents.wording import Notes, notes, terms

RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
QDT = "urn:un:unece:uncefact:data:standard:QualifiedDataType:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
_SPACES = {"rsm": RSM, "ram": RAM, "qdt": QDT, "udt": UDT}
PROFILE = "urn:cen.eu:en16931:2017"
PROCESS = "S1"  # services, invoice deposited by the seller (French CTC)
TYPES: dict[Kind, str] = {"invoice": "380", "credit_note": "381", "prepayment": "386", "intercompany": "380"}
TRANSFER = "58"  # SEPA credit transfer
UNIT = "C62"  # one
SIREN, SIRET = "0002", "0009"
VAT_POINT = {"debits": "5", "encaissements": "72"}


def render(document: Document) -> bytes:
    """The whole file, UTF-8. The caller has checked that the document adds up."""
    for prefix, uri in _SPACES.items():
        ET.register_namespace(prefix, uri)
    root = ET.Element(f"{{{RSM}}}CrossIndustryInvoice")
    context = _add(root, "rsm:ExchangedDocumentContext")
    _add(_add(context, "ram:BusinessProcessSpecifiedDocumentContextParameter"), "ram:ID", PROCESS)
    _add(_add(context, "ram:GuidelineSpecifiedDocumentContextParameter"), "ram:ID", PROFILE)
    _head(_add(root, "rsm:ExchangedDocument"), document)
    trade = _add(root, "rsm:SupplyChainTradeTransaction")
    for number, line in enumerate(document.lines, start=1):
        _line(_add(trade, "ram:IncludedSupplyChainTradeLineItem"), number, line)
    _agreement(_add(trade, "ram:ApplicableHeaderTradeAgreement"), document)
    delivery = _add(trade, "ram:ApplicableHeaderTradeDelivery")
    if document.period_end is None:
        _add(_add(delivery, "ram:ShipToTradeParty"), "ram:Name", document.buyer.name)
    else:
        event = _add(delivery, "ram:ActualDeliverySupplyChainEvent")
        _day(_add(event, "ram:OccurrenceDateTime"), document.period_end)
    _settlement(_add(trade, "ram:ApplicableHeaderTradeSettlement"), document)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True))


def _head(head: ET.Element, document: Document) -> None:
    _add(head, "ram:ID", document.number)
    _add(head, "ram:TypeCode", TYPES[document.kind])
    _day(_add(head, "ram:IssueDateTime"), document.issue_date)
    for code, text in _noted(notes(document), document):
        note = _add(head, "ram:IncludedNote")
        _add(note, "ram:Content", text)
        _add(note, "ram:SubjectCode", code)


def _noted(said: Notes, document: Document) -> list[tuple[str, str]]:
    """UNTDID 4451 code and text of each note; PMD, PMT and AAB are asked of every French invoice."""
    told = [
        ("AAI", document.description),
        ("AAI", document.note),
        ("REG", said.legal),
        ("PMD", said.late_penalties),
        ("PMT", said.recovery),
        ("AAB", said.discount),
        ("TXD", f"{document.operation_category}. {said.vat}"),
    ]
    return [(code, text) for code, text in told if text]


def _line(item: ET.Element, number: int, line: DocLine) -> None:
    _add(_add(item, "ram:AssociatedDocumentLineDocument"), "ram:LineID", str(number))
    product = _add(item, "ram:SpecifiedTradeProduct")
    _add(product, "ram:SellerAssignedID", line.product_code)
    _add(product, "ram:Name", line.label)
    agreement = _add(item, "ram:SpecifiedLineTradeAgreement")
    gross = _add(agreement, "ram:GrossPriceProductTradePrice")
    _add(gross, "ram:ChargeAmount", euros(line.unit_price_ht))
    if line.unit_price_ht != line.net_unit_price_ht:
        allowance = _add(gross, "ram:AppliedTradeAllowanceCharge")
        _add(_add(allowance, "ram:ChargeIndicator"), "udt:Indicator", "false")
        _add(allowance, "ram:ActualAmount", euros(line.unit_price_ht - line.net_unit_price_ht))
    _add(_add(agreement, "ram:NetPriceProductTradePrice"), "ram:ChargeAmount", euros(line.net_unit_price_ht))
    delivered = _add(item, "ram:SpecifiedLineTradeDelivery")
    _add(delivered, "ram:BilledQuantity", f"{line.quantity:f}", unitCode=UNIT)
    settled = _add(item, "ram:SpecifiedLineTradeSettlement")
    tax = _add(settled, "ram:ApplicableTradeTax")
    _add(tax, "ram:TypeCode", "VAT")
    _add(tax, "ram:CategoryCode", _category(line.vat_rate))
    _add(tax, "ram:RateApplicablePercent", euros(line.vat_rate))
    total = _add(settled, "ram:SpecifiedTradeSettlementLineMonetarySummation")
    _add(total, "ram:LineTotalAmount", euros(line.total_ht))


def _agreement(agreement: ET.Element, document: Document) -> None:
    _party(_add(agreement, "ram:SellerTradeParty"), document.seller, seller=True)
    _party(_add(agreement, "ram:BuyerTradeParty"), document.buyer, seller=False)
    for tag, reference in (
        ("ram:BuyerOrderReferencedDocument", document.order_reference),
        ("ram:ContractReferencedDocument", document.contract_reference),
    ):
        if reference:
            _add(_add(agreement, tag), "ram:IssuerAssignedID", reference)


def _party(node: ET.Element, party: Party, *, seller: bool) -> None:
    if party.siret:
        _add(node, "ram:GlobalID", party.siret, schemeID=SIRET)
    _add(node, "ram:Name", party.name)
    if party.siren:
        _add(_add(node, "ram:SpecifiedLegalOrganization"), "ram:ID", party.siren, schemeID=SIREN)
    if seller and (party.phone or party.email):
        contact = _add(node, "ram:DefinedTradeContact")
        _add(contact, "ram:DepartmentName", "Facturation")
        if party.phone:
            _add(_add(contact, "ram:TelephoneUniversalCommunication"), "ram:CompleteNumber", party.phone)
        if party.email:
            _add(_add(contact, "ram:EmailURIUniversalCommunication"), "ram:URIID", party.email)
    address = _add(node, "ram:PostalTradeAddress")
    _add(address, "ram:PostcodeCode", party.postcode)
    head, rest = party.address[:2], party.address[2:]
    for tag, text in zip(("LineOne", "LineTwo", "LineThree"), (*head, ", ".join(rest)), strict=False):
        _add(address, f"ram:{tag}", text)
    _add(address, "ram:CityName", party.city)
    _add(address, "ram:CountryID", party.country)
    if party.siren:
        _add(_add(node, "ram:URIUniversalCommunication"), "ram:URIID", party.siren, schemeID="0225")
    elif party.email:
        _add(_add(node, "ram:URIUniversalCommunication"), "ram:URIID", party.email, schemeID="EM")
    if party.tva_number:
        _add(_add(node, "ram:SpecifiedTaxRegistration"), "ram:ID", party.tva_number, schemeID="VA")


def _settlement(settled: ET.Element, document: Document) -> None:
    _add(settled, "ram:PaymentReference", document.number)
    _add(settled, "ram:InvoiceCurrencyCode", "EUR")
    if document.seller.iban and document.kind != "credit_note":
        means = _add(settled, "ram:SpecifiedTradeSettlementPaymentMeans")
        _add(means, "ram:TypeCode", TRANSFER)
        account = _add(means, "ram:PayeePartyCreditorFinancialAccount")
        _add(account, "ram:IBANID", document.seller.iban)
        _add(account, "ram:AccountName", document.seller.name)
        if document.seller.bic:
            _add(_add(means, "ram:PayeeSpecifiedCreditorFinancialInstitution"), "ram:BICID", document.seller.bic)
    for one in document.vat_breakdown:
        _tax(_add(settled, "ram:ApplicableTradeTax"), one, document)
    if document.period_start is not None and document.period_end is not None:
        period = _add(settled, "ram:BillingSpecifiedPeriod")
        _day(_add(period, "ram:StartDateTime"), document.period_start)
        _day(_add(period, "ram:EndDateTime"), document.period_end)
    due = _add(settled, "ram:SpecifiedTradePaymentTerms")
    _add(due, "ram:Description", terms(document))
    _day(_add(due, "ram:DueDateDateTime"), document.due_date)
    _sums(_add(settled, "ram:SpecifiedTradeSettlementHeaderMonetarySummation"), document)
    if document.corrects is not None:
        corrected = _add(settled, "ram:InvoiceReferencedDocument")
        _add(corrected, "ram:IssuerAssignedID", document.corrects.number)
        _day(_add(corrected, "ram:FormattedIssueDateTime"), document.corrects.issue_date, kind="qdt")


def _tax(tax: ET.Element, one: VatLine, document: Document) -> None:
    _add(tax, "ram:CalculatedAmount", euros(one.vat))
    _add(tax, "ram:TypeCode", "VAT")
    if one.rate == 0:
        _add(tax, "ram:ExemptionReason", document.vat_exemption)
    _add(tax, "ram:BasisAmount", euros(one.base_ht))
    _add(tax, "ram:CategoryCode", _category(one.rate))
    _add(tax, "ram:DueDateTypeCode", VAT_POINT[document.vat_on])
    _add(tax, "ram:RateApplicablePercent", euros(one.rate))


def _sums(sums: ET.Element, document: Document) -> None:
    _add(sums, "ram:LineTotalAmount", euros(document.total_ht))
    _add(sums, "ram:TaxBasisTotalAmount", euros(document.total_ht))
    _add(sums, "ram:TaxTotalAmount", euros(document.total_vat), currencyID="EUR")
    _add(sums, "ram:GrandTotalAmount", euros(document.total_ttc))
    if document.paid_already:
        _add(sums, "ram:TotalPrepaidAmount", euros(document.paid_already))
    _add(sums, "ram:DuePayableAmount", euros(document.balance_due))


def _category(rate: Decimal) -> str:
    return "S" if rate else "E"


def _day(parent: ET.Element, value: date, *, kind: str = "udt") -> None:
    _add(parent, f"{kind}:DateTimeString", f"{value:%Y%m%d}", format="102")


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
    """A child; one that would hold an empty text is made but not kept."""
    prefix, _, name = tag.partition(":")
    child = ET.Element(f"{{{_SPACES[prefix]}}}{name}", attributes)
    if text is not None:
        child.text = "".join(char for char in text if char not in "\ufffe\uffff")
    if text != "":
        parent.append(child)
    return child
