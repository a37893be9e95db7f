"""The sheet that documents are printed on: A4, PDF/A-3, embedded fonts, the entity's mark and colour, the foot."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Literal

import font_roboto
from fpdf import FPDF
from fpdf.enums import Align, DocumentCompliance, XPos, YPos

from backend.documents.models import Document
from backend.documents.wording import legal_line, subject

FONTS = Path(font_roboto.__file__).parent / "files"
FACES = {"": "Roboto-Regular.ttf", "B": "Roboto-Bold.ttf"}
MARGIN, FOOT = 16.0, 20.0
SMALLEST = 0.7  # of the size of a text that must fit on its line
INK, GREY, LINE, PALE = (28, 32, 36), (92, 99, 106), (208, 212, 216), (246, 247, 248)
COLOURS = {"ZR7": (11, 122, 117), "MDL": (91, 45, 168)}
Colour = tuple[int, int, int]
Side = Literal["L", "R", "C"]


class Paper(FPDF):
    """Millimetres from the top left corner. What each part draws starts at `self.y` and leaves it below itself."""

    def __init__(self, document: Document) -> None:
        super().__init__(format="A4", unit="mm", enforce_compliance=DocumentCompliance.PDFA_3B)
        self.document = document
        self.colour: Colour = COLOURS.get(document.seller.code, (52, 73, 94))
        self.set_creation_date(datetime.combine(document.issue_date, time(), UTC))
        self.set_title(subject(document))
        self.set_author(document.seller.name)
        self.set_lang("fr-FR")
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(auto=False)
        self.c_margin = 0.0
        for style, name in FACES.items():
            self.add_font("Roboto", style, FONTS / name)
        self.alias_nb_pages("{pages}")
        self.set_draw_color(*LINE)

    @property
    def bottom(self) -> float:
        """Where the foot of the page begins."""
        return float(self.h) - FOOT

    @property
    def right(self) -> float:
        return float(self.w) - MARGIN

    def ink(self, size: float, colour: Colour = INK, *, bold: bool = False) -> None:
        self.set_font("Roboto", "B" if bold else "", size)
        self.set_text_color(*colour)

    def put(self, text: str, x: float, y: float, width: float, height: float, side: Side = "L") -> None:
        """One line of text that fits; a longer one is made smaller, then narrower."""
        size, wide = self.font_size_pt, self.get_string_width(text)
        if wide > width:
            self.set_font_size(size * max(SMALLEST, width / wide))
            wide = self.get_string_width(text)
            self.set_stretching(min(100, 100 * width / wide))
        self.set_xy(x, y)
        self.cell(width, height, text, align=Align.coerce(side))
        self.set_stretching(100)
        self.set_font_size(size)

    def lines(self, text: str, width: float) -> Sequence[str]:
        """`text` cut to `width` in the current ink."""
        found = self.multi_cell(width, 4, text, dry_run=True, output="LINES", align="L")
        return [str(one) for one in found] if isinstance(found, list) else []

    def write_block(self, text: str, x: float, width: float, height: float) -> None:
        """A paragraph; `self.y` ends below it."""
        self.set_xy(x, self.y)
        self.multi_cell(width, height, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def file_id(self) -> str:
        """The same for the same document: the default holds the time."""
        name = hashlib.sha256(self.document.model_dump_json().encode()).hexdigest()[:32]
        return f"<{name}><{name}>"

    def mark(self, x: float, y: float) -> None:
        """The logo: the entity's name beside a roof in a square of its colour."""
        seller = self.document.seller
        self.set_fill_color(*self.colour)
        self.rect(x, y, 13, 13, style="F", round_corners=True, corner_radius=2.6)
        self.set_fill_color(255, 255, 255)
        self.polygon([(x + 2.6, y + 9.6), (x + 6.5, y + 3.2), (x + 10.4, y + 9.6)], style="F")
        self.set_fill_color(*self.colour)
        self.polygon([(x + 5.0, y + 9.6), (x + 6.5, y + 7.1), (x + 8.0, y + 9.6)], style="F")
        self.ink(15, self.colour, bold=True)
        self.put(seller.name, x + 16, y + 1.2, 82, 6.4)
        self.ink(8.5, GREY)
        self.put(seller.legal_form, x + 16, y + 7.6, 82, 4)

    def rule(self, y: float, colour: Colour = LINE, width: float = 0.2) -> None:
        self.set_draw_color(*colour)
        self.set_line_width(width)
        self.line(MARGIN, y, self.right, y)

    def footer(self) -> None:
        """On each page: who we are, the number of the document and of the page."""
        self.rule(self.bottom + 3)
        self.ink(6.8, GREY)
        self.set_xy(MARGIN, self.bottom + 5)
        wide = self.right - MARGIN - 42
        for place, text in enumerate(self.lines(legal_line(self.document.seller), wide)[:3]):
            self.put(text, MARGIN, self.bottom + 4.6 + 3.2 * place, wide, 3.2)
        self.put(self.document.number, self.right - 40, self.bottom + 4.6, 40, 3.2, "R")
        self.put(f"Page {self.page_no()}/", self.right - 40, self.bottom + 7.8, 38.6, 3.2, "R")
        self.set_xy(self.right - 1.4, self.bottom + 7.8)  # the number of pages comes last, whatever its width
        self.cell(1.4, 3.2, "{pages}")
