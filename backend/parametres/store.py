"""Queries of `settings` and `forms`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ReturnDocument

from backend.core.ids import new_id
from backend.core.indexes import index
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.tenancy import Scope, TenantCollection
from backend.parametres.models import Form, Setting

INDEXES = {
    "settings": [index("entity", "key", unique=True)],
    "forms": [index("id", unique=True), index("code", unique=True), index("entity", "code")],
}
_META = {"_id", "entity", "key", "updated_at", "updated_by", "created_at"}


def _setting(doc: Doc) -> Setting:
    return Setting(
        entity=doc["entity"],
        key=doc["key"],
        values={name: value for name, value in doc.items() if name not in _META},
        updated_at=doc.get("updated_at"),
        updated_by=doc.get("updated_by"),
        created_at=doc.get("created_at"),
    )


class ParametresStore:
    def __init__(self, mongo: Mongo) -> None:
        self._raw = mongo.collection("settings")
        self._settings = TenantCollection(self._raw)
        self._raw_forms = mongo.collection("forms")
        self._forms = TenantCollection(self._raw_forms)

    async def all(self, scope: Scope) -> list[Setting]:
        return [_setting(doc) async for doc in self._settings.find(scope, {})]

    async def put(
        self, tx: Tx, entity: str | None, key: str, values: Mapping[str, Any], by: str, at: datetime
    ) -> tuple[Setting | None, Setting]:
        """Set `values` on the document of (entity, key), leaving its other fields. Returns it before and after."""
        name = f"{entity or 'ALL'}:{key}"
        change = {
            "$set": {**values, "updated_at": at, "updated_by": by},
            "$setOnInsert": {"entity": entity, "key": key, "created_at": at},
        }
        before = await self._raw.find_one_and_update(
            {"_id": name}, change, upsert=True, return_document=ReturnDocument.BEFORE, session=tx
        )
        after = await self._raw.find_one({"_id": name}, session=tx)
        assert after is not None
        return (_setting(before) if before else None), _setting(after)

    async def forms(self, scope: Scope) -> list[Form]:
        rows = self._forms.find(scope, {}, sort=[("entity", 1), ("code", 1)], fields=["code", "entity", "produit"])
        return [Form.model_validate(doc) async for doc in rows]

    async def put_form(self, tx: Tx, form: Form, by: str, at: datetime) -> Form | None:
        """Create or change the form of this entity and code; DuplicateKeyError when the code is another entity's."""
        before = await self._raw_forms.find_one_and_update(
            {"entity": form.entity, "code": form.code},
            {
                "$set": {"produit": form.produit, "updated_at": at, "updated_by": by},
                "$setOnInsert": {"id": new_id(), "created_at": at},
            },
            upsert=True,
            return_document=ReturnDocument.BEFORE,
            session=tx,
        )
        return Form.model_validate(before) if before else None

    async def drop_forms_but(self, tx: Tx, entity: str, kept: Sequence[str]) -> list[Form]:
        """Remove the entity's forms whose code is not in `kept`; returns those removed."""
        query = {"entity": entity, "code": {"$nin": list(kept)}}
        gone = [Form.model_validate(doc) async for doc in self._raw_forms.find(query, session=tx)]
        await self._raw_forms.delete_many(query, session=tx)
        return gone
