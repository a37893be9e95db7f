"""MongoDB behind one door: the client, `transaction()`, and queues for hot documents.

Motor is in its last support year and its `with_transaction` does not retry a commit conflict: nothing outside this
module and the stores' type hints may depend on it, so that the move to PyMongo's asynchronous client stays here.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from contextvars import ContextVar
from datetime import UTC
from decimal import Decimal
from functools import partial
from typing import Any, Protocol, TypeAlias, TypeVar, cast

from bson import Decimal128
from bson.binary import UUID_SUBTYPE, Binary
from bson.codec_options import CodecOptions, TypeCodec, TypeRegistry
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorCollection
from pymongo import InsertOne, ReadPreference, UpdateOne, WriteConcern
from pymongo.errors import BulkWriteError, ConnectionFailure, DuplicateKeyError, PyMongoError
from pymongo.read_concern import ReadConcern

from backend.core import crash
from backend.core.errors import Unavailable

T = TypeVar("T")
Doc: TypeAlias = dict[str, Any]
Tx: TypeAlias = AsyncIOMotorClientSession
Collection: TypeAlias = "AsyncIOMotorCollection[Doc]"
Pipeline: TypeAlias = Sequence[Mapping[str, Any]]
Write: TypeAlias = "InsertOne[Doc] | UpdateOne"

MAJORITY = WriteConcern("majority", j=True, wtimeout=10_000)
_RETRY_FOR = 2.0  # seconds a conflicting transaction is tried again (reliability.md 2.3)
_COMMIT_FOR = 10.0  # seconds an unanswered commit is asked for again


class _DecimalCodec(TypeCodec):
    python_type = Decimal
    bson_type = Decimal128

    def transform_python(self, value: Decimal) -> Decimal128:
        return Decimal128(value)

    def transform_bson(self, value: Decimal128) -> Decimal:
        return value.to_decimal()


CODEC: CodecOptions[Doc] = CodecOptions(tz_aware=True, tzinfo=UTC, type_registry=TypeRegistry([_DecimalCodec()]))


class Fence(Protocol):
    """A right to work that can be lost: checked first inside each transaction done under it."""

    async def enter(self, tx: Tx) -> None:
        """Note whose session is about to write, before its transaction begins: it can be ended from elsewhere."""

    async def check(self, tx: Tx) -> None:
        """Raise `LostLease` when the right is gone."""


_ALONG: ContextVar[Callable[[Tx], Awaitable[None]] | None] = ContextVar("along", default=None)


@contextmanager
def along(note: Callable[[Tx], Awaitable[None]]) -> Iterator[None]:
    """Each transaction begun inside runs `note(tx)` first: an effect and the mark that it was done are one.

    What `note` raises aborts the transaction, as a lost fence does.
    """
    token = _ALONG.set(note)
    try:
        yield
    finally:
        _ALONG.reset(token)


class Busy(Unavailable):
    """A transaction met conflicts for longer than its budget; nothing was written."""


class Mongo:
    """The one connection of a process to its base."""

    def __init__(self, url: str, db_name: str, listeners: Sequence[Any] = ()) -> None:
        self.client: AsyncIOMotorClient[Doc] = AsyncIOMotorClient(
            url,
            tz_aware=True,
            serverSelectionTimeoutMS=2_000,
            connectTimeoutMS=2_000,
            socketTimeoutMS=30_000,
            waitQueueTimeoutMS=5_000,
            maxPoolSize=64,
            retryWrites=True,
            event_listeners=list(listeners),
        )
        self.db = self.client.get_database(
            db_name, codec_options=CODEC, write_concern=MAJORITY, read_preference=ReadPreference.PRIMARY
        )
        self._queues: dict[str, _Queue] = {}
        self._after: dict[int, list[Callable[[], None]]] = {}
        self._gathered: dict[int, dict[str, list[Write]]] = {}
        self._revisions = Counter[str]()

    def collection(self, name: str) -> Collection:
        return self.db[name]

    async def ping(self) -> None:
        await self.client.admin.command("ping")

    async def kill_sessions(self, ids: Sequence[bytes]) -> None:
        """End what these sessions left open: a transaction without its process freezes what it touched."""
        await self.client.admin.command("killSessions", [{"id": Binary(one, UUID_SUBTYPE)} for one in ids])

    def close(self) -> None:
        self.client.close()

    def after_commit(self, tx: Tx, do: Callable[[], None]) -> None:
        """Call `do` once `tx` is committed; never when it is not."""
        self._after.setdefault(id(tx), []).append(do)

    def touched(self, name: str, tx: Tx | None = None) -> None:
        """This process changed the collection `name`: what it keeps of it in memory is old, as soon as `tx` commits."""
        if tx is None:
            self._revisions[name] += 1
        else:
            self.after_commit(tx, partial(self.touched, name))

    def revision(self, names: Iterable[str]) -> int:
        """Grows each time this process changes one of these collections."""
        return sum(self._revisions[name] for name in names)

    async def write(self, tx: Tx, name: str, writes: Sequence[Write]) -> None:
        """Do `writes` in the collection `name`: now, or at the end of a `gathered` transaction.

        DuplicateKeyError when a key is there already.
        """
        if (gathered := self._gathered.get(id(tx))) is not None:
            gathered.setdefault(name, []).extend(writes)
        else:
            await _write(self.collection(name), writes, tx)

    async def transaction(
        self,
        work: Callable[[Tx], Awaitable[T]],
        *,
        fence: Fence | None = None,
        budget: float = _RETRY_FOR,
        races: bool = False,
        gathered: bool = False,
    ) -> T:
        """Run `work(tx)` in one snapshot transaction and commit it, majority and journaled.

        `work` may run several times: it must have no effect outside the base. Transient conflicts are retried with
        jitter for `budget` seconds, then `Busy`. A duplicate key aborts the transaction and is raised as it is; with
        `races` it is a lost race: `work` runs again and will see what the winner wrote. `gathered`: what `work` gives
        to `write` is done at the end, in one go for each collection; it cannot read it back.
        """
        give_up = time.monotonic() + budget
        attempt = 0
        while True:
            try:
                return await self._once(work, fence, gathered=gathered)
            except PyMongoError as exc:
                lost_race = races and isinstance(exc, DuplicateKeyError)
                if not lost_race and not exc.has_error_label("TransientTransactionError"):
                    raise
                if time.monotonic() >= give_up:
                    raise Busy() from exc
            attempt += 1
            await asyncio.sleep(random.uniform(0, min(0.005 * 2**attempt, 0.25)))

    async def _once(self, work: Callable[[Tx], Awaitable[T]], fence: Fence | None, *, gathered: bool) -> T:
        async with await self.client.start_session() as tx:
            if fence is not None:
                await fence.enter(tx)
            tx.start_transaction(ReadConcern("snapshot"), MAJORITY, ReadPreference.PRIMARY)
            try:
                if fence is not None:
                    await fence.check(tx)
                if (note := _ALONG.get()) is not None:
                    await note(tx)
                if gathered:
                    self._gathered[id(tx)] = {}
                result = await work(tx)
                for name, writes in self._gathered.pop(id(tx), {}).items():
                    await _write(self.collection(name), writes, tx)
            except BaseException:
                self._after.pop(id(tx), None)
                self._gathered.pop(id(tx), None)
                if cast(bool, tx.in_transaction):
                    await tx.abort_transaction()
                raise
            crash.point("in_txn")
            effects = self._after.pop(id(tx), ())
            await _commit(tx)
            crash.point("after_commit")
            for do in effects:
                do()
            return result

    @asynccontextmanager
    async def queue(self, keys: Iterable[str]) -> AsyncIterator[None]:
        """Line up the work of this process on hot documents, to spare conflicts. No guarantee rests on it."""
        async with AsyncExitStack() as stack:
            for key in sorted(set(keys)):
                await stack.enter_async_context(self._turn(key))
            yield

    @asynccontextmanager
    async def _turn(self, key: str) -> AsyncIterator[None]:
        queue = self._queues.setdefault(key, _Queue())
        queue.users += 1
        try:
            async with queue.lock:
                yield
        finally:
            queue.users -= 1
            if queue.users == 0:
                del self._queues[key]


class _Queue:
    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.users = 0


async def _commit(tx: Tx) -> None:
    give_up = time.monotonic() + _COMMIT_FOR
    while True:
        try:
            await tx.commit_transaction()
            return
        except PyMongoError as exc:
            if not exc.has_error_label("UnknownTransactionCommitResult") or time.monotonic() >= give_up:
                raise
            await asyncio.sleep(0.05)


async def insert_all(collection: Collection, docs: Sequence[Doc], tx: Tx) -> None:
    """Insert `docs`; one that is there already raises DuplicateKeyError, as a single insertion would."""
    await _write(collection, [InsertOne(doc) for doc in docs], tx)


async def _write(collection: Collection, writes: Sequence[Write], tx: Tx) -> None:
    try:
        await collection.bulk_write(writes, session=tx)
    except BulkWriteError as exc:
        raise DuplicateKeyError(str(exc), 11000, exc.details) from exc


def session_of(tx: Tx) -> bytes:
    """The server's name for the session of `tx`."""
    return bytes(cast(Any, tx).session_id["id"])


def is_outage(exc: BaseException) -> bool:
    """True when the base is out of reach (as opposed to refusing what it was asked)."""
    return isinstance(exc, ConnectionFailure)
