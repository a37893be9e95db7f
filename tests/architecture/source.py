"""The source of the house, parsed once, for the tests that read it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Source:
    """One Python file; `name` is its path from the root, `backend/leads/store.py`."""

    name: str

    @property
    def folder(self) -> str:
        """The part of the trade: `leads` for `backend/leads/store.py`, empty for `backend/server.py`."""
        parts = self.name.split("/")
        return parts[1] if len(parts) > 2 else ""

    @property
    def room(self) -> str:
        return Path(self.name).stem

    @property
    def in_core(self) -> bool:
        return self.folder == "core"

    @cached_property
    def text(self) -> str:
        return (ROOT / self.name).read_text()

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def nodes(self) -> Iterator[ast.AST]:
        return ast.walk(self.tree)

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes() if isinstance(node, ast.Call))

    def method_calls(self) -> Iterator[tuple[str, ast.Call]]:
        """`x.name(...)` as `name` and the call."""
        return ((call.func.attr, call) for call in self.calls() if isinstance(call.func, ast.Attribute))

    def imports(self) -> Iterator[tuple[str, int]]:
        """Full dotted names imported, with their line; those only type checkers see are left out."""
        hidden = {id(inner) for node in self.nodes() if _type_checking(node) for inner in ast.walk(node)}
        for node in self.nodes():
            if id(node) in hidden:
                continue
            if isinstance(node, ast.Import):
                yield from ((alias.name, node.lineno) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)

    def at(self, line: int) -> str:
        return f"{self.name}:{line}"


def _type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@cache
def sources(top: str = "backend") -> tuple[Source, ...]:
    """Every Python file under `top`."""
    return tuple(Source(str(path.relative_to(ROOT))) for path in sorted((ROOT / top).rglob("*.py")))
