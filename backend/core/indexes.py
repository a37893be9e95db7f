"""Indexes are declared beside the stores that need them and applied one by one at start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pymongo import IndexModel
from pymongo.errors import OperationFailure, PyMongoError

from backend.core.mongo import Mongo


@dataclass(frozen=True, slots=True)
class Index:
    """One index: `keys` as `(field, 1 | -1)`; `partial` filters, `ttl_s` expires (real time)."""

    keys: Sequence[tuple[str, int]]
    unique: bool = False
    partial: Mapping[str, Any] | None = None
    ttl_s: int | None = None

    @property
    def name(self) -> str:
        return "_".join(f"{key}_{direction}" for key, direction in self.keys)

    def options(self) -> dict[str, Any]:
        options: dict[str, Any] = {"name": self.name}
        if self.unique:
            options["unique"] = True
        if self.partial is not None:
            options["partialFilterExpression"] = dict(self.partial)
        if self.ttl_s is not None:
            options["expireAfterSeconds"] = self.ttl_s
        return options


def index(
    *fields: str, unique: bool = False, partial: Mapping[str, Any] | None = None, ttl_s: int | None = None
) -> Index:
    """`index("entity", "-created_at")`: a leading minus sorts downwards."""
    keys = [(f[1:], -1) if f.startswith("-") else (f, 1) for f in fields]
    return Index(keys, unique, partial, ttl_s)


class IndexFailure(RuntimeError):
    """An index could not be made; the process must not start without it."""


async def apply(mongo: Mongo, declared: Iterable[Mapping[str, Sequence[Index]]]) -> int:
    """Create the missing indexes, by collection; the first that fails is fatal and named. Returns how many exist."""
    done = 0
    for name, wanted in merged(declared).items():
        present = await mongo.collection(name).index_information()
        absent = [one for one in wanted if one.name not in present]
        if absent:
            await _create(mongo, name, absent)
        done += len(wanted)
    return done


async def _create(mongo: Mongo, collection: str, wanted: Sequence[Index]) -> None:
    """All at once, in one pass over the collection; when that is refused, one by one to name the culprit."""
    raw = mongo.collection(collection)
    try:
        await raw.create_indexes([IndexModel(list(one.keys), **one.options()) for one in wanted])
    except OperationFailure:
        for one in wanted:
            try:
                await raw.create_index(list(one.keys), **one.options())
            except PyMongoError as exc:
                raise IndexFailure(f"index {collection}.{one.name}: {exc}") from exc


async def missing(mongo: Mongo, declared: Iterable[Mapping[str, Sequence[Index]]]) -> list[str]:
    """Names, `collection.index`, of those declared and absent from the base."""
    absent = []
    for name, wanted in merged(declared).items():
        present = await mongo.collection(name).index_information()
        absent += [f"{name}.{one.name}" for one in wanted if one.name not in present]
    return absent


def merged(declared: Iterable[Mapping[str, Sequence[Index]]]) -> dict[str, list[Index]]:
    """One map of all stores' declarations; the same name twice in a collection is a mistake of ours."""
    result: dict[str, list[Index]] = {}
    for block in declared:
        for name, wanted in block.items():
            result.setdefault(name, []).extend(wanted)
    for name, wanted in result.items():
        names = [one.name for one in wanted]
        if len(names) != len(set(names)):
            raise IndexFailure(f"index declared twice on {name}: {names}")
    return result
