"""Use cases of the outbox: put rows in line, move them, stop a channel, decide of an uncertain one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.channels.contract import Handler, Outcome
from backend.core.alarms import raised
from backend.core.clock import Clock, utcnow
from backend.core.errors import Conflict, NotFound
from backend.core.ids import new_id
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.outbox.breaker import shown
from backend.outbox.models import STATES, TASKS, NewRow, Row, RowDetail, State
from backend.outbox.names import OWN, entity_of, message_id, own, task_key
from backend.outbox.retry import EMAIL, TASK, Schedule
from backend.outbox.states import resend_from
from backend.outbox.store import OutboxStore
from backend.outbox.switch import Switch

OnChange = Callable[[Tx, Row], Awaitable[None]]
OnGone = Callable[[Tx, Row, str, str], Awaitable[None]]
OnOutcome = Callable[[Tx, Row, Outcome], Awaitable[None]]
DEADLINE = timedelta(hours=72)
ENDED_OR_WAITING: tuple[State, ...] = ("pending", "failed", "dead")
"""The states of a row that nobody is sending and that nobody took."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Who does the rows of a kind, who is told of their moves and of each answer, when a refused one is tried again."""

    handler: Handler
    on_change: OnChange | None
    schedule: Schedule
    on_outcome: OnOutcome | None = None


class OutboxService:
    """`channels`: `tasks`, and `smtp:` and `crm:` per entity; clients' own are in the base. `held`: none may leave."""

    def __init__(
        self,
        mongo: Mongo,
        store: OutboxStore,
        audit: AuditService,
        clock: Clock,
        channels: Sequence[str],
        held: Callable[[], Awaitable[bool]] | None = None,
    ) -> None:
        self.mongo = mongo
        self.store = store
        self.clock = clock
        self._audit = audit
        self._channels = tuple(dict.fromkeys((TASKS, *channels)))
        self._kinds: dict[str, Kind] = {}
        self.switch = Switch(mongo, store, self._channels, held)
        self._wakers: list[Callable[[], None]] = []
        self._on_gone: list[OnGone] = []

    # Wiring

    def register(
        self,
        kind: str,
        handler: Handler,
        on_change: OnChange | None = None,
        schedule: Schedule | None = None,
        on_outcome: OnOutcome | None = None,
    ) -> None:
        """Give `kind` its one handler. Without a schedule: that of e-mails for "email", of tasks for the rest."""
        if kind in self._kinds:
            raise ValueError(f"outbox kind {kind!r} already has a handler")
        self._kinds[kind] = Kind(handler, on_change, schedule or (EMAIL if kind == "email" else TASK), on_outcome)

    def on_gone(self, note: OnGone) -> None:
        """`note(tx, row, reason, code)` runs with each refusal that says the recipient does not exist."""
        self._on_gone.append(note)

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(self._kinds)

    def kind(self, name: str) -> Kind | None:
        return self._kinds.get(name)

    def on_poke(self, wake: Callable[[], None]) -> None:
        self._wakers.append(wake)

    def off_poke(self, wake: Callable[[], None]) -> None:
        self._wakers.remove(wake)

    def poke(self) -> None:
        """Wake the relay of this process: call it after a commit that put rows in line."""
        for wake in self._wakers:
            wake()

    # Putting in line

    async def enqueue(self, tx: Tx, rows: Sequence[NewRow]) -> None:
        """Insert `rows`, due now. The same id twice raises `DuplicateKeyError` and aborts the transaction."""
        if rows:
            await self.store.insert(tx, [self._doc(row) for row in rows])

    async def enqueue_new(self, tx: Tx, rows: Sequence[NewRow]) -> int:
        """Insert those of `rows` that are not there yet. Answers how many. A race raises `DuplicateKeyError`."""
        known = await self.store.known(tx, [row.id for row in rows])
        new = [row for row in rows if row.id not in known]
        await self.enqueue(tx, new)
        return len(new)

    async def put_task(
        self, tx: Tx, kind: str, payload: Doc, *, entity: str | None = None, carries: Doc | None = None
    ) -> None:
        """Have `kind` done after this commit, at least once; the same again is made due, unless it `carries` more."""
        key = task_key(kind, payload, entity)
        if carries is None and await self.store.hurry_task(tx, key, utcnow()):
            return
        row = NewRow(id=f"task:{kind}:{new_id()}", kind=kind, channel=TASKS, entity=entity, payload=payload)
        await self.store.insert(tx, [{**self._doc(row), "task_key": key, "payload": payload | (carries or {})}])

    def _doc(self, new: NewRow) -> Doc:
        if new.channel not in self._channels and not new.channel.startswith(OWN):
            raise ValueError(f"unknown channel {new.channel!r}")
        now = self.clock.now()
        deadline = new.deadline_at if new.deadline_at or new.channel == TASKS else now + DEADLINE
        doc = {
            **new.model_dump(),
            "_id": new.id,
            "state": "pending",
            "phase": None,
            "fence": 0,
            "n": 0,
            "tries": 0,
            "next_at": utcnow(),
            "lease_until": None,
            "owner": "",
            "last_error": "",
            "first_attempt_at": None,
            "sent_at": None,
            "data_at": None,
            "answer": "",
            "deadline_at": deadline,
            "created_at": now,
        }
        sender = str(new.payload.get("from", ""))
        return doc | ({"message_id": message_id(new.id, sender)} if "@" in sender else {})

    # Moving

    async def rows_of(self, batch_id: str, *, tx: Tx | None = None) -> list[Row]:
        return await self.store.of_batches([batch_id], tx=tx)

    async def make_due(self, tx: Tx, batch_ids: Sequence[str]) -> int:
        """Rows that wait for a later attempt become due now. Answers how many."""
        return await self.store.make_due(tx, batch_ids, utcnow())

    async def requeue(self, tx: Tx, batch_ids: Sequence[str], *, states: Sequence[State] = ("failed", "dead")) -> int:
        """Rows refused or given up are tried again, with a new series of attempts. `on_change` runs for each."""
        if not set(states) <= {"failed", "dead"}:
            raise ValueError("only failed and dead rows can be requeued")
        return await self._move(tx, batch_ids, states, self.fresh())

    async def standing(self, tx: Tx, batch_id: str, kind: str) -> list[tuple[str, bool]]:
        """(state, attempted) of the rows of this kind in a batch, each pair once."""
        return await self.store.standing(tx, batch_id, kind)

    async def cancel(self, tx: Tx, batch_ids: Sequence[str], *, delivery_id: str | None = None) -> int:
        """Rows that nobody is sending, and that nobody took, will never leave. `on_change` runs for each."""
        return await self._move(tx, batch_ids, ENDED_OR_WAITING, {"state": "cancelled"}, delivery_id)

    async def _move(
        self, tx: Tx, batch_ids: Sequence[str], states: Sequence[str], change: Doc, delivery_id: str | None = None
    ) -> int:
        moved = 0
        for row in await self.store.of_batches(batch_ids, tx=tx):
            mine = delivery_id in {None, row.delivery_id} and row.state in states
            if mine and (after := await self.store.move(tx, row, change)):
                await self.tell(tx, after)
                moved += 1
        return moved

    def fresh(self) -> dict[str, Any]:
        """What puts a row in line again, with a whole series of attempts and a new deadline."""
        deadline = self.clock.now() + DEADLINE
        return {"state": "pending", "phase": None, "tries": 0, "next_at": utcnow(), "lease_until": None, "owner": "",
                "deadline_at": deadline}  # fmt: skip

    async def tell(self, tx: Tx, row: Row) -> None:
        """Tell the owner of `row` what became of it, in the same transaction."""
        kind = self._kinds.get(row.kind)
        if kind is not None and kind.on_change is not None:
            await kind.on_change(tx, row)

    async def tell_gone(self, tx: Tx, row: Row, reason: str, code: str) -> None:
        for note in self._on_gone:
            await note(tx, row, reason, code)

    # Channels

    async def open_channel(self, channel: str) -> None:
        """Make the channel of one client (`http:<ENTITY>:<client>`) known, before anything is put on it."""
        await self.store.know_channel(channel)
        self.switch.forget()

    async def pause(self, channel: str, reason: str, user: str) -> None:
        """Stop `channel`; its rows wait, and spend no attempt."""
        await self._set_channel(channel, "paused", reason, user)

    async def resume(self, channel: str, user: str) -> None:
        """Open `channel` again; its rows are due at once."""
        await self._set_channel(channel, "active", "", user)
        await self.switch.reset(channel)
        await self.store.make_channel_due(channel, utcnow())
        self.poke()

    async def _set_channel(self, channel: str, state: Literal["active", "paused"], reason: str, user: str) -> None:
        if channel not in self._channels and channel not in await self.store.channel_docs():
            raise NotFound("Ce canal n'existe pas.")
        await self.store.know_channel(channel)
        await self.mongo.transaction(lambda tx: self._write_channel(tx, channel, state, reason, user))
        self.switch.forget()

    async def stop_channel(self, tx: Tx, channel: str, reason: str, user: str) -> None:
        """The same as `pause`, in the transaction that says why. The channel must be known."""
        await self._write_channel(tx, channel, "paused", reason, user)
        self.switch.forget()

    async def _write_channel(
        self, tx: Tx, channel: str, state: Literal["active", "paused"], reason: str, user: str
    ) -> None:
        event = Event(action=f"outbox_channel_{state}", entity_type="outbox_channel", entity_id=channel,
                      entity=entity_of(channel), user=user, details={"reason": reason})  # fmt: skip
        if await self.store.set_channel(tx, channel, state, reason, user, self.clock.now()):
            await self._audit.record(tx, event)

    async def active_channels(self) -> list[str]:
        """Those that rows may be taken from; what the base said, 1 s ago at most. Held: the work inside only."""
        return await self.switch.active()

    async def channels(self, scope: Scope | None = None) -> list[dict[str, Any]]:
        """Every channel (of `scope`) with its state, why it is stopped, and how many rows wait on it."""
        docs = await self.store.channel_docs()
        return [
            {
                "channel": name,
                "entity": entity_of(name),
                "pending": await self.store.count_on(name, "pending"),
                **shown(docs.get(name, {})),
            }
            for name in (*self._channels, *own(docs))
            if scope is None or scope.allows(entity_of(name))
        ]

    # What people see and decide

    async def counts(self, scope: Scope, states: Sequence[State] = STATES) -> dict[str, int]:
        """Rows per state, counted up to 10,000."""
        return await self.store.counts(scope, states)

    async def counts_on(self, channel: str, states: Sequence[State]) -> dict[str, int]:
        """Rows of `channel` in each of these states, counted up to 10,000."""
        return {state: await self.store.count_on(channel, state) for state in states}

    async def health(self, scope: Scope) -> dict[str, Any]:
        """Rows per state, channels stopped: `degraded` when one is, `warning` while something is uncertain or dead."""
        counts = await self.counts(scope)
        stopped = [line for line in await self.channels(scope) if line["state"] != "active"]
        ill = counts["uncertain"] or counts["dead"]
        status = "degraded" if stopped else "warning" if ill else "healthy"
        keys = ("channel", "state", "reason", "until", "changed_at", "pending")
        states = {line["state"] for line in stopped}
        alarms = raised(
            {
                "outbox.paused": "paused" in states,
                "outbox.down": "down" in states,
                "outbox.uncertain": counts["uncertain"],
                "outbox.dead": counts["dead"],
            }
        )
        told = {"rows": counts, "oldest_waiting_s": await self.oldest_waiting_s(scope)}
        paused = [{key: one[key] for key in keys} for one in stopped]
        return {"status": status, "alarms": alarms, **told, "paused": paused}

    async def page(self, scope: Scope, page: Page, **wanted: str | None) -> Paged[Doc]:
        """Newest first; `wanted`: state, channel, kind, client_id."""
        return await self.store.page(scope, page, {key: one for key, one in wanted.items() if one is not None})

    async def oldest_waiting_s(self, scope: Scope) -> int | None:
        """Age in seconds of what waits for the longest."""
        since = await self.store.oldest_waiting(scope)
        return None if since is None else max(0, int((self.clock.now() - since).total_seconds()))

    async def detail(self, scope: Scope, row_id: str) -> RowDetail:
        row = await self.get(scope, row_id)
        return RowDetail(
            **row.model_dump(include=set(RowDetail.model_fields)),
            subject=str(row.payload.get("subject", "")),
            filename=str(row.payload.get("filename", "")),
            attempts=await self.store.attempts(row_id),
            resend_from=resend_from(row),
        )

    async def resolve(
        self, scope: Scope, row_id: str, user: str, verdict: Literal["sent", "failed", "resend"], note: str = ""
    ) -> Row:
        """A person says what became of an uncertain row. Resending waits for the end of the quarantine (409)."""

        async def decide(tx: Tx) -> Row:
            row = await self.get(scope, row_id, tx=tx)
            moved = await self.store.move(tx, row, self._resolution(row, verdict, user))
            if moved is None:
                raise Conflict("Ce message vient de changer d'état. Rechargez.")
            await self.tell(tx, moved)
            event = Event(action="outbox_resolved", entity_type="outbox", entity_id=row.id, entity=row.entity,
                          user=user, details={"verdict": verdict, "note": note},
                          related={"batch": row.batch_id} if row.batch_id else {})  # fmt: skip
            await self._audit.record(tx, event)
            return moved

        row = await self.mongo.transaction(decide)
        self.poke()
        return row

    def _resolution(self, row: Row, verdict: str, user: str) -> dict[str, Any]:
        if row.state != "uncertain":
            raise Conflict(f"Seul un envoi incertain se tranche ; celui-ci est « {row.state} ».")
        if verdict == "sent":
            text = f"Marqué envoyé par {user}"
            sent_at = row.data_at or self.clock.now()
            return {"state": "sent", "phase": "done", "answer": text, "sent_at": sent_at, "last_error": ""}
        if verdict == "failed":
            return {"state": "failed", "last_error": f"Marqué non envoyé par {user}"}
        opens = resend_from(row)
        if opens is not None and opens > utcnow():
            raise Conflict(f"Trop tôt : le premier envoi peut encore aboutir jusqu'à {opens:%H:%M:%S} UTC.")
        return self.fresh()

    async def get(self, scope: Scope, row_id: str, *, tx: Tx | None = None) -> Row:
        row = await self.store.one(scope, row_id, tx=tx)
        if row is None:
            raise NotFound("Ce message n'existe pas.")
        return row
