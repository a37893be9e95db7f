"""Every route of the application, with what it declares: the matrices are generated from this."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, iter_route_contexts

from backend.accounts.caller import Requires


@dataclass(frozen=True)
class Surface:
    """One method of one path. `guards` are the `Requires` it declares: none means that anybody may call it."""

    method: str
    path: str
    guards: tuple[Requires, ...]
    query: frozenset[str]
    plain: frozenset[str] = frozenset()
    """Its functions, and those it depends on, that are not asynchronous."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{(\w+)(?::\w+)?}", self.path)

    @property
    def permissions(self) -> set[str]:
        return {guard.permission for guard in self.guards if guard.permission is not None}

    def url(self, values: dict[str, str]) -> str:
        return re.sub(r"{(\w+)(?::\w+)?}", lambda match: values[match[1]], self.path)


def surfaces(app: FastAPI) -> list[Surface]:
    found = []
    for context in iter_route_contexts(app.routes):
        route: Any = context if hasattr(context, "dependant") else context.original_route
        if not isinstance(context.original_route, APIRoute):
            continue
        guards = tuple(_guards(route.dependant))
        query = frozenset(_query(route.dependant))
        plain = frozenset(_plain(route.dependant))
        found += [Surface(method, route.path, guards, query, plain) for method in sorted(route.methods)]
    return sorted(found, key=lambda one: one.name)


def _guards(dependant: Dependant) -> Iterator[Requires]:
    for inner in dependant.dependencies:
        if isinstance(inner.call, Requires):
            yield inner.call
        yield from _guards(inner)


def _plain(dependant: Dependant) -> Iterator[str]:
    call: Any = dependant.call
    if not any(map(inspect.iscoroutinefunction, (call, type(call).__call__))):
        yield f"{call.__module__}.{call.__qualname__}"
    for inner in dependant.dependencies:
        yield from _plain(inner)


def _query(dependant: Dependant) -> Iterator[str]:
    yield from (field.alias for field in dependant.query_params)
    for inner in dependant.dependencies:
        yield from _query(inner)
