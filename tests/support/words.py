"""The dashboard's words, read off its source: what an export or a command says must be what the screen says.

`python -m tests.support.words` writes backend/extracts/words.py and titles.py again.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WORDS, TITLES = ROOT / "backend/extracts/words.py", ROOT / "backend/extracts/titles.py"
SOURCES = {
    "states": ("leadStatus", "deliveryStatus", "outcome", "messageState", "acknowledgement", "slotState",
               "clientStatus", "role", "invoiceState", "invoiceType"),
    "reasons": ("rejection", "deliverable", "why"),
    "events": ("actions", "objects"),
}  # fmt: skip
_ENTRY = re.compile(r'(?:^|[\s{,])"?([A-Za-z_]+)"?: (?:w\((?:"[a-z]+", )?"((?:[^"\\]|\\.)*)", "|"((?:[^"\\]|\\.)*)")')


def dictionaries() -> dict[str, dict[str, str]]:
    """Name of a dictionary -> code -> French word."""
    found: dict[str, dict[str, str]] = {}
    for file, names in SOURCES.items():
        text = (ROOT / f"frontend/src/words/{file}.ts").read_text()
        found |= {name: _entries(text, name) for name in names}
    return found


def _entries(text: str, name: str) -> dict[str, str]:
    block = re.search(rf"export const {name}\b[^=]*= {{(.*?)\n}};", text, re.DOTALL)
    assert block is not None, name
    spread = {
        key: word for other in re.findall(r"\.\.\.(\w+)", block[1]) for key, word in _entries(text, other).items()
    }
    return spread | {match[1]: match[2] or match[3] for match in _ENTRY.finditer(block[1])}


def labels(feature: str, page: str) -> dict[str, str]:
    """Key of each column of a list -> its French title, in order."""
    folder = ROOT / f"frontend/src/features/{feature}"
    code = (folder / f"{page}.tsx").read_text()
    french = re.search(r"fr: {(.*?)\n  },", (folder / "words.ts").read_text(), re.DOTALL)
    assert french is not None, feature
    words = dict(re.findall(r'(?:^|[\s,])(\w+): "((?:[^"\\]|\\.)*)"', french[1]))
    columns = code[code.rindex("Column<") :]
    return {key: words[word] for key, word in re.findall(r'key: "(\w+)",\s*label: t\("(\w+)"\)', columns)}


LISTS = {
    "leads": ("leads", "LeadsPage"), "deliveries": ("deliveries", "DeliveriesPage"),
    "clients": ("clients", "ClientsPage"), "commandes": ("commandes", "CommandesPage"),
    "invoices": ("invoices", "InvoicesPage"),
    "event-log": ("audit", "ActivityPage"), "batches": ("receipts", "BatchesPage"),
}  # fmt: skip


def written() -> dict[Path, str]:
    """Each file that the words are kept in -> what it must hold."""
    titles = {name: labels(*where) for name, where in LISTS.items()}
    return {
        WORDS: _table("The words of codes", "WORDS", dictionaries()),
        TITLES: _table("The titles of columns", "TITLES", titles),
    }


def _table(what: str, name: str, rows: dict[str, dict[str, str]]) -> str:
    lines = [f'"""{what}, as the dashboard shows them: written by `python -m tests.support.words`."""', ""]
    lines += ["from __future__ import annotations", "", f"{name}: dict[str, dict[str, str]] = {{"]
    for key, words in rows.items():
        lines += [f'    "{key}": {{', *(f'        "{code}": "{word}",' for code, word in words.items()), "    },"]
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    for file, text in written().items():
        file.write_text(text)
