"""What may stand in a file: names, lengths, the clock, the environment, collections, lost work."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TypeVar

from tests.architecture.source import ROOT, Source, sources

FILE_LINES = 350
TEST_FILE_LINES = 450
FUNCTION_LINES = 45
NO_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "manager", "lib", "stuff", "base"}
COLLECTION_METHODS = {
    "insert_one", "insert_many", "find_one", "find_one_and_update", "find_one_and_delete", "update_one",
    "replace_one", "delete_one", "delete_many", "count_documents", "estimated_document_count", "bulk_write", "distinct",
}  # fmt: skip
N = TypeVar("N", bound=ast.AST)
LOOPS = ("backend/core/", "backend/outbox/", "backend/jobs/", "backend/cli/", "backend/worker.py", "backend/server.py")


def test_a_file_is_called_by_its_room_or_a_noun() -> None:
    named = [one.name for one in sources() if one.room != "__init__"]
    assert [name for name in named if not re.fullmatch(r"[a-z]+(_[a-z]+)*\.py", name.split("/")[-1])] == []
    assert [one.name for one in sources() if one.room in NO_NAMES] == [], "say what it holds"


def test_files_stay_short() -> None:
    limits = {"backend": FILE_LINES, "tests": TEST_FILE_LINES}
    sizes = {one.name: (len(one.text.splitlines()), most) for top, most in limits.items() for one in sources(top)}
    assert {name: size for name, (size, most) in sizes.items() if size > most} == {}


def test_functions_stay_short() -> None:
    long = [
        f"{one.at(node.lineno)} {node.name}: {node.end_lineno - node.lineno + 1} lines"
        for one, node in found(ast.FunctionDef, ast.AsyncFunctionDef)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno is not None
        if node.end_lineno - node.lineno >= FUNCTION_LINES
    ]
    assert long == []


def test_the_real_time_is_read_in_the_clock_only() -> None:
    read = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time", "datetime.datetime.now"}
    assert [where for where, name in called("backend/core/clock.py") if name in read] == []


def test_the_environment_is_read_in_the_settings_only() -> None:
    read = [
        one.at(node.lineno)
        for one, node in found(ast.Attribute)
        if ast.unparse(node) in {"os.environ", "os.getenv"} and one.name != "backend/settings.py"
    ]
    assert read == []


def test_collections_are_touched_in_stores_only() -> None:
    touched = [
        f"{one.at(call.lineno)} .{name}("
        for one in sources()
        if not one.in_core and one.room != "store"
        for name, call in one.method_calls()
        if name in COLLECTION_METHODS or (name == "collection" and "mongo" in ast.unparse(call.func))
    ]
    assert touched == []


def test_no_list_is_cut_short() -> None:
    """Rows are read to exhaustion or by pages a person asked for; a literal cap drops rows silently."""
    cut = [
        f"{one.at(call.lineno)} .{name}({ast.unparse(call.args[0])})"
        for one in sources()
        if one.name != "backend/core/paging.py"
        for name, call in one.method_calls()
        if name in {"limit", "to_list"} and call.args and _literal_cap(call.args[0])
    ]
    assert cut == []


def _literal_cap(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, int) and value.value > 1


def test_nothing_is_printed_outside_the_command_line() -> None:
    assert [where for where, name in called("backend/cli/") if name == "print"] == []


def test_no_work_is_left_to_a_bare_task() -> None:
    """Work that must not be lost is a row of the outbox or a slot; only the loops that run them are tasks."""
    bare = {"create_task", "ensure_future", "BackgroundTasks"}
    assert [where for where, name in called(*LOOPS) if name.split(".")[-1] in bare] == []


def called(*but_in: str) -> Iterator[tuple[str, str]]:
    """Where and what, `a.b.c`, for each call outside the files that start with `but_in`."""
    for one in sources():
        if not one.name.startswith(but_in):
            yield from ((one.at(call.lineno), ast.unparse(call.func)) for call in one.calls())


def found(*kinds: type[N]) -> Iterator[tuple[Source, N]]:
    for one in sources():
        yield from ((one, node) for node in one.nodes() if isinstance(node, kinds))


def test_every_folder_says_what_it_is() -> None:
    silent = [one.name for one in sources() if one.room == "__init__" and not ast.get_docstring(one.tree)]
    assert silent == []


def test_nothing_names_a_machine() -> None:
    """No path of a developer's machine in what we ship."""
    found = [one.name for one in sources() if re.search(r"[\"' ](/home|/root|/work|/Users)/", one.text)]
    assert found == []
    assert not re.search(r"(/home|/root|/work|/Users)/", (ROOT / "RUNBOOK.md").read_text())
