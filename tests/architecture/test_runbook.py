"""Every alarm that the health of the house can raise has its section in RUNBOOK.md, and no section is of nothing."""

from __future__ import annotations

import ast
import re

from backend import bootstrap
from backend.settings import load
from tests.architecture.source import ROOT, Source, sources

STEPS = ("Quand", "Vérifier", "Faire", "Contrôler", "Ensuite")
OF_THE_HOUSE = "system"  # the check itself broke: a code of no module
_HEADING = re.compile(r"^### (?:`(?P<code>[a-z]+\.[a-z_]+)` : )?(?P<title>.+)$", re.MULTILINE)


def raised() -> set[str]:
    """The codes written out in the calls of `core.alarms.raised`."""
    return {code for one in sources() for call in one.calls() if _raises(one, call) for code in _codes(one, call)}


def _raises(one: Source, call: ast.Call) -> bool:
    return ast.unparse(call.func) == "raised" and "backend.core.alarms" in one.text


def _codes(one: Source, call: ast.Call) -> list[str]:
    [given] = call.args
    assert isinstance(given, ast.Dict), f"{one.at(call.lineno)}: write the codes out, RUNBOOK.md is checked by them"
    return [str(ast.literal_eval(key)) for key in given.keys if key is not None]


def sections() -> dict[str, str]:
    """Code (or title, where there is none) -> text, of the part on alarms."""
    text = re.split(r"\n## \d+\. Alarmes\n", (ROOT / "RUNBOOK.md").read_text())[1].split("\n## ")[0]
    headings = list(_HEADING.finditer(text))
    ends = [*(one.start() for one in headings[1:]), len(text)]
    found = [(one["code"] or one["title"], text[one.end() : end]) for one, end in zip(headings, ends, strict=True)]
    assert len(dict(found)) == len(found), "two sections for one alarm"
    return dict(found)


def test_every_alarm_has_its_section_and_every_section_its_alarm() -> None:
    described = {code for code in sections() if "." in code}
    assert raised() - described == set(), "describe it in the part of RUNBOOK.md on alarms"
    assert described - raised() == set(), "nothing raises it any more"


def test_a_section_says_when_check_do_verify_after() -> None:
    silent = {code: [word for word in STEPS if f"*{word}*" not in text] for code, text in sections().items()}
    assert {code: words for code, words in silent.items() if words} == {}


def test_every_module_of_the_health_has_its_alarms() -> None:
    environ = {"APP_ENV": "test", "BACKEND_URL": "http://127.0.0.1:8001", "DB_NAME": "never_reached"}
    parts = bootstrap.build(load({**environ, "JWT_SECRET": "for-tests-only-0123456789-0123456789-abc"}))
    assert {code.partition(".")[0] for code in raised()} == {*parts.system._checks, OF_THE_HOUSE}


def test_the_dashboard_has_words_for_every_alarm_and_for_no_other() -> None:
    text = (ROOT / "frontend/src/words/alarms.ts").read_text()
    assert set(re.findall(r'^  "([a-z]+\.[a-z_]+)": w\(', text, re.MULTILINE)) == raised()
