"""`make test-mutants` is long: here, only that each guard it takes away is still where it says."""

from __future__ import annotations

import importlib.util
import sys

from tests.architecture.source import ROOT


def test_each_mutant_finds_its_guard_once() -> None:
    spec = importlib.util.spec_from_file_location("mutants", ROOT / "scripts/mutants.py")
    assert spec is not None and spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = script
    spec.loader.exec_module(script)
    lost = {one.name: n for one in script.MUTANTS if (n := (ROOT / one.file).read_text().count(one.old)) != 1}
    assert lost == {}
