"""Factur-X: the PDF that a person reads with, inside it, the XML that a machine reads (PDF/A-3, EN 16931 profile).

`render` takes some hundred milliseconds of processor: call it in a thread. Its libraries are read at the first
document: they are a quarter of the start of a process, and most make none.
"""

from __future__ import annotations

import re

from backend.documents import xml
from backend.documents.models import Document
from backend.documents.totals import contradictions
from backend.documents.wording import subject

FILE = "factur-x.xml"
_PDF_TIME = re.compile(rb"\(D(:|\\072)\d{14}")
_XMP_TIME = re.compile(rb">\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00<")


class DoesNotAddUp(ValueError):
    """The document contradicts itself; the text says where, in French."""


def render(document: Document) -> bytes:
    """The file that is sent and kept: the same bytes for the same document. `DoesNotAddUp` when it may not leave."""
    wrong = contradictions(document)
    if wrong:
        raise DoesNotAddUp(" ".join(wrong))
    from facturx import generate_from_binary

    from backend.documents import pdf

    title = subject(document)
    whole = generate_from_binary(
        pdf.render(document),
        xml.render(document),
        flavor="factur-x",
        level="en16931",
        check_xsd=True,
        pdf_metadata={
            "author": document.seller.name,
            "keywords": f"Factur-X, {title}",
            "title": title,
            "subject": document.description or title,
        },
        lang="fr-FR",
        afrelationship="alternative",
        xmp_compression=False,
    )
    return _dated(bytes(whole), document)


def _dated(whole: bytes, document: Document) -> bytes:
    """Put the day of issue where the library wrote the time of the call: texts of the same length, so nothing moves."""
    day = document.issue_date
    whole = _PDF_TIME.sub(lambda found: b"(D" + found[1] + f"{day:%Y%m%d}000000".encode(), whole)
    return _XMP_TIME.sub(f">{day:%Y-%m-%d}T00:00:00+00:00<".encode(), whole)


def filename(document: Document) -> str:
    """`ZR7-2026-000042.pdf`: the number is already safe in a path."""
    return f"{re.sub(r'[^A-Za-z0-9._-]', '_', document.number)}.pdf"
