"""Passwords chosen through a link: one use, a short life, one link per account."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from backend.accounts.caller import Caller, Origin
from backend.accounts.events import told
from backend.accounts.models import NewUser, User, UserChange
from backend.accounts.service import AccountsService
from backend.audit.service import AuditService
from backend.core.clock import utcnow
from backend.core.errors import Conflict, InvalidInput, RateLimited
from backend.core.ids import new_id
from backend.core.mongo import Mongo, Tx
from backend.core.ratelimit import TokenBuckets
from backend.outbox.models import NewRow
from backend.outbox.service import OutboxService
from backend.recovery import rules
from backend.recovery.models import Kind, Link, ResetBody
from backend.recovery.store import RecoveryStore

_SPENT = "Ce lien a déjà servi, ou n'est plus valable. Demandez-en un autre."
_PER_HOUR = 1 / 3600


class RecoveryService:
    """`senders`: entity -> (address, name) of who signs its e-mails. `base`: where the dashboard is reached."""

    def __init__(
        self,
        mongo: Mongo,
        store: RecoveryStore,
        accounts: AccountsService,
        audit: AuditService,
        outbox: OutboxService,
        senders: Mapping[str, tuple[str, str]],
        key: bytes,
        base: str,
    ) -> None:
        self._mongo = mongo
        self._store = store
        self._accounts = accounts
        self._audit = audit
        self._outbox = outbox
        self._senders = senders
        self._key = key
        self._base = base
        self._from = TokenBuckets(20 * _PER_HOUR, 20)
        self._about = TokenBuckets(5 * _PER_HOUR, 5)

    def forget(self) -> None:
        """Drop what this process counts of who asks."""
        self._from.clear()
        self._about.clear()

    async def forgot(self, email: str, origin: Origin) -> None:
        """Have a link sent if an active account has the address. The same work is done here when none has."""
        self._brake(self._from, origin.ip)
        self._brake(self._about, email)
        await self._mongo.transaction(lambda tx: self._outbox.put_task(tx, "password_link", {"email": email}))
        self._outbox.poke()

    async def give(self, email: str) -> bool:
        """What the task `password_link` does: False when nobody active has the address."""
        user = await self._accounts.active(email=email)
        if user is None:
            return False
        await self._mongo.transaction(lambda tx: self._send(tx, user, "forgot"))
        self._outbox.poke()
        return True

    async def create(self, caller: Caller, body: NewUser) -> User:
        """A new user; without a password typed for them, they are invited to choose their own."""
        user = await self._accounts.create(caller, body)
        if body.password is None:
            await self.invite(caller, user)
        return user

    async def invite_again(self, caller: Caller, user_id: str) -> None:
        """Send a link to who has lost theirs. 404 out of the scope, 409 for an inactive account."""
        user = await self._accounts.change(caller, user_id, UserChange())
        if not user.is_active:
            raise Conflict("Ce compte est désactivé : réactivez-le d'abord.")
        await self.invite(caller, user)

    async def invite(self, caller: Caller, user: User) -> None:
        async def work(tx: Tx) -> None:
            await self._send(tx, user, "invite")
            await self._audit.record(tx, told("user_invited", caller, user, {}))

        await self._mongo.transaction(work)
        self._outbox.poke()

    async def reset(self, body: ResetBody, origin: Origin) -> None:
        """Write the password chosen; every session of the account ends. A weak one leaves the link good."""
        self._brake(self._from, origin.ip)
        link_id = rules.link_of(self._key, body.token)
        link = await self._store.good(link_id, utcnow()) if link_id else None
        user = await self._accounts.active(user_id=link.user_id) if link else None
        if link is None or user is None:
            raise InvalidInput({"token": _SPENT})

        async def used(tx: Tx) -> None:
            if not await self._store.use(tx, link.id, utcnow()):
                raise InvalidInput({"token": _SPENT})
            await self._store.forget(tx, user.id)

        await self._accounts.set_password(user, body.new_password, {"ip": origin.ip, "by": link.kind}, also=used)

    async def text(self, row: Mapping[str, Any]) -> str | None:
        """The words of an e-mail in line, its link signed as it leaves; None when the link is no longer good."""
        payload = row["payload"]
        link = await self._store.good(str(payload["link_id"]), utcnow())
        if link is None:
            return None
        url = rules.address(self._base, rules.token(self._key, link.id))
        return rules.text(link.kind, str(payload["nom"]), url, str(payload["from_name"]))

    async def _send(self, tx: Tx, user: User, kind: Kind) -> None:
        now = utcnow()
        link = Link(
            id=new_id(), user_id=user.id, kind=kind, created_at=now, expires_at=now + rules.GOOD_FOR[kind]
        )  # fmt: skip
        await self._store.replace(tx, link)
        sender, brand = self._senders[user.entity]
        payload = {"from": sender, "from_name": brand, "subject": rules.subject(kind), "link_id": link.id,
                   "nom": user.nom}  # fmt: skip
        row = NewRow(
            id=f"password:{link.id}", kind="account_mail", channel=f"smtp:{user.entity}", entity=user.entity,
            to=user.email, payload=payload,
        )  # fmt: skip
        await self._outbox.enqueue(tx, [row])

    def _brake(self, buckets: TokenBuckets, key: str) -> None:
        wait = buckets.take(key)
        if wait:
            sentence = "Trop de demandes. Patientez avant de recommencer."
            raise RateLimited(sentence, headers={"Retry-After": str(int(wait) + 1)})
