"""Use cases of the settings: read from memory on the hot paths, written with their event and what they unblock."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pymongo.errors import DuplicateKeyError

from backend.audit.models import Event
from backend.audit.service import AuditService
from backend.core.clock import Clock
from backend.core.errors import Conflict, Forbidden, InvalidInput
from backend.core.kept import Kept
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.tenancy import Scope
from backend.core.weeks import paris_day
from backend.outbox.service import OutboxService
from backend.parametres import rules
from backend.parametres.models import DEFAULTS, Directions, Form, FormRow, Key, Parametres, Setting
from backend.parametres.overview import EntitySettings, SettingsOverview, ahead
from backend.parametres.store import ParametresStore
from backend.settings import ConsentMode

T = TypeVar("T")
Suppressed = Callable[[], Awaitable[Mapping[str, frozenset[str]]]]
_FAR = 0.35  # seconds
MAX_AGE = 1.0  # seconds the view in memory may lag behind the base
_UNBLOCKING: Mapping[str, str] = {
    "cross_entity": "cross_entity",
    "source_gating": "source",
    "email_denylist": "denylist",
    "delivery_calendar": "calendar",
}


class ParametresService:
    def __init__(
        self,
        mongo: Mongo,
        store: ParametresStore,
        audit: AuditService,
        outbox: OutboxService,
        clock: Clock,
        everyone: Scope,
        consent: Mapping[str, ConsentMode],
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._audit = audit
        self._outbox = outbox
        self._clock = clock
        self._everyone = everyone
        self._consent = consent
        self._writes = 0
        self._suppressed: Suppressed | None = None
        self._view = Kept(self._load, lambda: self._writes, MAX_AGE)

    def read_suppressed(self, addresses: Suppressed) -> None:
        """Who knows the suppressed addresses of each entity; `bootstrap` gives it."""
        self._suppressed = addresses

    async def current(self) -> Parametres:
        """Every setting, about `MAX_AGE` old at most; at once after a write of this process."""
        return await self._view.current()

    def far(self) -> bool:
        """The base has been taking long for its last answers: each more question costs whoever waits."""
        return self._view.pace > _FAR

    async def stop(self) -> None:
        await self._view.stop()

    def forget(self) -> None:
        """The next `current()` reads the base again."""
        self._writes += 1

    async def _load(self) -> Parametres:
        stored, forms, gone = await asyncio.gather(
            self._store.all(self._everyone), self._store.forms(self._everyone), self._gone()
        )
        return replace(rules.view(self._everyone.entities, stored, forms, self._consent), gone=gone)

    async def _gone(self) -> Mapping[str, frozenset[str]]:
        return await self._suppressed() if self._suppressed is not None else {}

    async def listed(self, scope: Scope) -> list[Doc]:
        """Every settings document the scope may see, with the default of each that was never written."""
        stored = {(one.entity, one.key): one for one in await self._store.all(scope)}
        common = [await self.cross_entity(scope)]
        keys: list[Key] = [key for key in DEFAULTS if key != "cross_entity"]
        return common + [_shown(stored.get((code, key)), code, key) for key in keys for code in scope.entities]

    async def overview(self, scope: Scope) -> SettingsOverview:
        """Every setting of each entity of the scope, with the coming days of its calendar."""
        stored = {(one.entity, one.key): one for one in await self._store.all(scope)}
        crossing, forms, view = await self.cross_entity(scope), await self.forms(scope), await self.current()
        keys: list[Key] = [key for key in DEFAULTS if key != "cross_entity"]
        today = paris_day(self._clock.now())
        told = []
        for code in scope.entities:
            each: Doc = {key: _shown(stored.get((code, key)), code, key) for key in keys}
            each["delivery_calendar"]["ahead"] = ahead(view.calendar(code), today)
            own = [one for one in forms if one.entity == code]
            told.append(EntitySettings(entity=code, cross_entity=crossing["per_entity"][code], forms=own, **each))
        return SettingsOverview(cross_entity_enabled=crossing["cross_entity_enabled"], entities=told)

    async def read(self, scope: Scope, key: Key) -> Doc:
        """The document of the scope's entity; in BOTH, one per entity under its code."""
        stored = {one.entity: one for one in await self._store.all(scope) if one.key == key}
        each = {code: _shown(stored.get(code), code, key) for code in scope.entities}
        return each if scope.both else each[scope.entities[0]]

    async def calendars(self, scope: Scope) -> Doc:
        """The delivery calendar of each entity of the scope, under its code."""
        stored = {one.entity: one for one in await self._store.all(scope) if one.key == "delivery_calendar"}
        return {code: _shown(stored.get(code), code, "delivery_calendar") for code in scope.entities}

    async def delivery_day(self, entity: str) -> Doc:
        """Whether today, in Paris, is a delivery day of `entity`, and the next one."""
        calendar = (await self.current()).calendar(entity)
        today = paris_day(self._clock.now())
        reason, upcoming = calendar.closed_reason(today), calendar.next_open(today)
        return {
            "entity": entity,
            "date": today.isoformat(),
            "is_delivery_day": reason is None,
            "reason": reason,
            "next_delivery_day": upcoming.isoformat() if upcoming else None,
        }

    async def cross_entity(self, scope: Scope) -> Doc:
        """The common switch and the directions of the scope's entities."""
        stored = {one.entity: one for one in await self._store.all(self._everyone) if one.key == "cross_entity"}
        common = stored.get(None) or Setting(entity=None, key="cross_entity", values=rules.GLOBAL)
        each = {code: stored[code].values if code in stored else {} for code in scope.entities}
        return {
            **_meta(common),
            **rules.GLOBAL,
            **common.values,
            "per_entity": {code: rules.merged("cross_entity", values) for code, values in each.items()},
        }

    async def write(self, entity: str, key: Key, given: Mapping[str, Any], by: str) -> Doc:
        """Change the fields given of one settings document; those omitted (None) are kept."""
        values = rules.tidy(given)
        setting = await self._committed(lambda tx: self._put(tx, entity, key, values, by))
        return _shown(setting, entity, key)

    async def write_cross_entity(
        self, enabled: bool | None, each: Mapping[str, Directions], by: str, *, common: bool
    ) -> None:
        """Change the common switch (None: keep it) and the directions of the entities named.

        Without the right to the `common` switch, giving it another value is refused.
        """
        if enabled is not None and not common:
            if enabled != (await self.cross_entity(self._everyone))["cross_entity_enabled"]:
                raise Forbidden("Seul le super administrateur ouvre ou ferme les échanges entre entités.")
            enabled = None

        async def work(tx: Tx) -> None:
            if enabled is not None:
                await self._put(tx, None, "cross_entity", {"cross_entity_enabled": enabled}, by)
            for code, directions in each.items():
                await self._put(tx, code, "cross_entity", directions.model_dump(exclude_none=True), by)

        await self._committed(work)

    async def forms(self, scope: Scope) -> list[Form]:
        return await self._store.forms(scope)

    async def replace_forms(self, entity: str, rows: Sequence[FormRow], by: str) -> list[Form]:
        """Make `rows` the only forms of `entity`. `Conflict` when another entity holds a code."""
        refused = rules.forms_refused(entity, rows)
        if refused:
            raise InvalidInput(refused)
        forms = [Form(code=row.form_code, entity=entity, produit=row.produit) for row in rows]

        async def work(tx: Tx) -> None:
            gone = await self._store.drop_forms_but(tx, entity, [form.code for form in forms])
            if gone:
                await self._tell(tx, entity, "forms_config", by, {"removed": [_form(form) for form in gone]})
            for form in forms:
                await self._put_form(tx, form, by)

        await self._forms_committed(work)
        return forms

    async def put_form(self, form: Form, by: str) -> None:
        """Create or change one form. `Conflict` when another entity holds its code."""
        await self._forms_committed(lambda tx: self._put_form(tx, form, by))

    async def _put_form(self, tx: Tx, form: Form, by: str) -> None:
        before = await self._store.put_form(tx, form, by, self._clock.now())
        if before == form:
            return
        details = {"form_code": form.code, "old": _form(before) if before else None, "new": _form(form)}
        await self._tell(tx, form.entity, "forms_config", by, details)
        payload = {"entity": form.entity, "produit": form.produit, "reason": "form"}
        await self._outbox.put_task(tx, "route_waiting", payload, entity=form.entity)

    async def _put(self, tx: Tx, entity: str | None, key: Key, values: Mapping[str, Any], by: str) -> Setting:
        before, after = await self._store.put(tx, entity, key, values, by, self._clock.now())
        old, new = _values(before, entity, key), _values(after, entity, key)
        refused = rules.contradictions(key, new)
        if refused:
            raise InvalidInput(refused)
        if old != new:
            await self._tell(tx, entity, key, by, {"old": old, "new": new})
        if old != new and key in _UNBLOCKING:
            # A crossing concerns the leads of the other entities too.
            whose = None if key == "cross_entity" else entity
            payload = {"entity": whose, "produit": None, "reason": _UNBLOCKING[key]}
            await self._outbox.put_task(tx, "route_waiting", payload, entity=whose)
        return after

    async def _tell(self, tx: Tx, entity: str | None, key: str, by: str, details: Doc) -> None:
        event = Event(
            action="settings_updated", entity_type="settings", entity_id=key, entity=entity, user=by, details=details
        )
        await self._audit.record(tx, event)

    async def _committed(self, work: Callable[[Tx], Awaitable[T]]) -> T:
        """Commit `work`; two first writes of one document at once collide on its key, and the second then updates."""
        try:
            result = await self._mongo.transaction(work)
        except DuplicateKeyError:
            result = await self._mongo.transaction(work)
        self.forget()
        return result

    async def _forms_committed(self, work: Callable[[Tx], Awaitable[None]]) -> None:
        try:
            await self._committed(work)
        except DuplicateKeyError as exc:
            raise Conflict("Ce code de formulaire est déjà pris par une autre entité.", code="duplicate") from exc


def _form(form: Form) -> Doc:
    return {"form_code": form.code, "entity": form.entity, "produit": form.produit}


def _values(setting: Setting | None, entity: str | None, key: Key) -> Doc:
    stored = setting.values if setting else {}
    return {**rules.GLOBAL, **stored} if entity is None else rules.merged(key, stored)


def _shown(setting: Setting | None, entity: str, key: Key) -> Doc:
    meta = _meta(setting or Setting(entity=entity, key=key, values={}))
    return {**meta, **rules.told(key, _values(setting, entity, key))}


def _meta(setting: Setting) -> Doc:
    return {
        "entity": setting.entity,
        "key": setting.key,
        "source": "stored" if setting.created_at else "default",
        "updated_at": setting.updated_at,
        "updated_by": setting.updated_by,
    }
