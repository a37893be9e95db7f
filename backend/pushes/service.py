"""Use cases of the HTTP interfaces of clients. The settings are stored on the client."""

from __future__ import annotations

from typing import Any

from backend.channels.contract import Done, Failed, Outcome, Pause, Uncertain
from backend.channels.http_push import mapping
from backend.channels.http_push.handlers import HttpPush
from backend.channels.http_push.models import Destination
from backend.clients.models import Client
from backend.clients.push import INVENTED, PushAnswer, PushBody, PushTested, channel
from backend.clients.service import ClientsService
from backend.core import weeks
from backend.core.addresses import BadAddress
from backend.core.clock import Clock
from backend.core.errors import Conflict, InvalidInput
from backend.core.http import HttpDoor
from backend.core.ids import new_id
from backend.core.sealing import Unreadable
from backend.core.tenancy import Scope
from backend.outbox.service import OutboxService


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
        """Replace the settings; the address is resolved and checked now, and again at every call."""
        client = await self._clients.get(scope, client_id)
        url = client.api_endpoint if body.url is None else body.url
        has_secret = client.has_api_key if body.secret is None else bool(body.secret)
        told = body.missing(url, has_secret) or (await self._refusal(url) if url else {})
        if told:
            raise InvalidInput(told)
        given: dict[str, Any] = {"push": body.settings().model_dump(), "api_endpoint": url}
        if body.secret is not None:
            given["api_key"] = body.secret
        await self._outbox.open_channel(channel(client.entity, client.id))
        return await self._shown(await self._clients.set_push(scope, client_id, given, by))

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
