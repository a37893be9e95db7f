"""Use cases of the HTTP interfaces of clients. The settings are stored on the client."""

from __future__ import annotations

from typing import Any

from backend.channels.contract import Done, Failed, Outcome, Pause, Uncertain
from backend.channels.http_push import mapping
from backend.channels.http_push.handlers import HttpPush
from backend.channels.http_push.models import Destination
from backend.channels.http_push.replies import standing
from backend.clients.models import Client
from backend.clients.push import INVENTED, Push, PushAnswer, PushBody, PushTested, channel
from backend.clients.service import ClientsService
from backend.core import weeks
from backend.core.addresses import BadAddress
from backend.core.alarms import raised
from backend.core.clock import Clock
from backend.core.errors import Conflict, InvalidInput
from backend.core.http import HttpDoor
from backend.core.ids import new_id
from backend.core.mongo import Tx
from backend.core.sealing import Unreadable
from backend.core.tenancy import Scope
from backend.outbox.models import Row
from backend.outbox.service import OutboxService

_BY_ITSELF = "system:pushes"
_SHOWN = 300


class PushesService:
    """`calls` is the handler of the outbox: a test call leaves by the same way as the real ones."""

    def __init__(self, clients: ClientsService, outbox: OutboxService, clock: Clock, door: HttpDoor) -> None:
        self._clients = clients
        self._outbox = outbox
        self._clock = clock
        self.door = door
        self.calls = HttpPush(door, self._called)

    async def settings(self, scope: Scope, client_id: str) -> PushAnswer:
        return await self._shown(await self._clients.get(scope, client_id))

    async def save(self, scope: Scope, client_id: str, body: PushBody, by: str) -> PushAnswer:
        """Replace the settings; the address is resolved and checked now, and again at every call.

        Past failures are forgotten. Enabled again after it stopped by itself, its channel is open again too.
        """
        client = await self._clients.get(scope, client_id)
        url = client.api_endpoint if body.url is None else body.url
        has_secret = client.has_api_key if body.secret is None else bool(body.secret)
        told = body.missing(url, has_secret) or (await self._refusal(url) if url else {})
        if told:
            raise InvalidInput(told)
        given: dict[str, Any] = {"push": body.settings().model_dump(), "api_endpoint": url}
        if body.secret is not None:
            given["api_key"] = body.secret
        name = channel(client.entity, client.id)
        await self._outbox.open_channel(name)
        saved = await self._clients.set_push(scope, client_id, given, by)
        if client.push.disabled_at is not None and body.enabled and await self._stopped_by_itself(scope, name):
            await self._outbox.resume(name, by)
        return await self._shown(saved)

    async def _stopped_by_itself(self, scope: Scope, name: str) -> bool:
        lines = await self._outbox.channels(scope)
        return any(one["channel"] == name and one["changed_by"].startswith("system:") for one in lines)

    async def heard(self, tx: Tx, row: Row, outcome: Outcome) -> None:
        """What a call says of the client's interface, in its row's transaction. Too many failing days stop it."""
        said = standing(outcome)
        if said == "works":
            await self._clients.push_works(tx, row.client_id)
        if said not in {"fails", "gone"}:
            return
        client = (await self._clients.by_ids([row.client_id], tx=tx)).get(row.client_id)
        if client is None or not client.push.enabled:
            return
        after = client.push.after_failure(row.last_error[:_SHOWN], self._clock.now(), gone=said == "gone")
        if after.disabled_at is not None:
            await self._disable(tx, client, after)
        elif after != client.push:
            await self._clients.note_push(tx, client, after)

    async def _disable(self, tx: Tx, client: Client, push: Push) -> None:
        """No more leads that way, and what waits stays: its channel is stopped until somebody repairs."""
        details = {
            "reason": push.last_failure,
            "failing_since": push.failing_since,
            "url": client.api_endpoint.partition("?")[0],
        }
        await self._clients.note_push(tx, client, push, "client_push_disabled", details)
        reason = f"Envoi par API coupé de lui-même : {push.last_failure}"
        await self._outbox.stop_channel(tx, channel(client.entity, client.id), reason, _BY_ITSELF)

    async def health(self, scope: Scope) -> dict[str, Any]:
        """Interfaces that stopped being called (`degraded`), or that have failed for a second day (`warning`)."""
        ailing = await self._clients.ailing_pushes(scope)
        told = [
            {"client_id": one.id, "client": one.name, "state": one.push.condition, "since": one.push.failing_since,
             "days": len(one.push.failing_days), "reason": one.push.last_failure}
            for one in ailing
        ]  # fmt: skip
        stopped = any(one.push.condition == "disabled" for one in ailing)
        lasting = any(len(one.push.failing_days) > 1 for one in ailing)
        status = "degraded" if stopped else "warning" if lasting else "healthy"
        alarms = raised({"pushes.disabled": stopped, "pushes.failing": lasting})
        return {"status": status, "alarms": alarms, "failing": told}

    async def test(self, scope: Scope, client_id: str, by: str) -> PushTested:
        """Call the client's interface with an invented lead, marked as a test. 409 without an address."""
        client = await self._clients.get(scope, client_id)
        try:
            to = await self.destination(client_id)
        except Unreadable:
            raise Conflict("Le secret de ce client est illisible avec la clé de ce serveur : saisissez-le.") from None
        if to is None:
            raise Conflict("Renseignez d'abord l'adresse de l'API de ce client.")
        body = self._test_body(client)
        found = _tested(await self.calls.call(to, f"test:{new_id()}", body), body)
        await self._clients.note_push_test(client, {"outcome": found.outcome, "answer": found.answer[:200]}, by)
        return found

    async def destination(self, client_id: str) -> Destination | None:
        """The client's interface as it is now, secret included, enabled or not; None without an address.

        `Unreadable` when the secret is sealed with a key that is not here.
        """
        client = (await self._clients.by_ids([client_id])).get(client_id)
        if client is None or not client.api_endpoint:
            return None
        settings = client.push
        return Destination(
            url=client.api_endpoint,
            auth=settings.auth,
            username=settings.username,
            header_name=settings.header_name,
            secret=await self._clients.secret(client_id),
            idempotent=settings.idempotent,
            rules=settings.rules,
        )

    async def _called(self, row: dict[str, Any]) -> Destination | None:
        return await self.destination(row["client_id"])

    def _test_body(self, client: Client) -> str:
        day = weeks.paris_day(self._clock.now()).isoformat()
        lead = {**INVENTED, "entity": client.entity, "date": day}
        template = client.push.mapping
        if client.push.per_call == "lead":
            return mapping.body(template, lead, test=True)
        return mapping.batch_body(template, "test", lead["produit"], [lead], test=True)

    async def _shown(self, client: Client) -> PushAnswer:
        return PushAnswer(
            **client.push.model_dump(),
            state=client.push.condition,
            url=client.api_endpoint,
            has_secret=client.has_api_key,
            channel=channel(client.entity, client.id),
            proof_used=(await self._clients.reach(client)).proof,
        )

    async def _refusal(self, url: str) -> dict[str, str]:
        try:
            await self.door.check(url)
        except BadAddress as exc:
            return {"url": str(exc)}
        return {}


def _tested(outcome: Outcome, body: str) -> PushTested:
    match outcome:
        case Done(answer):
            return PushTested(success=True, outcome="accepted", answer=answer, body=body)
        case Failed(reason):
            return PushTested(success=False, outcome="refused", answer=reason, body=body)
        case Pause(reason):
            return PushTested(success=False, outcome="login_refused", answer=reason, body=body)
        case Uncertain(reason):
            return PushTested(success=False, outcome="uncertain", answer=reason, body=body)
        case _:
            return PushTested(success=False, outcome="retry", answer=outcome.reason, body=body)
