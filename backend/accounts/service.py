"""Accounts: signing in and out, who is calling, and the users."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable

from fastapi import Request
from pydantic import ValidationError
from pymongo.errors import DuplicateKeyError

from backend.accounts import rules
from backend.accounts.caller import Caller, Origin, bearer, origin_of
from backend.accounts.cookies import Jar
from backend.accounts.events import creation, of_change, told
from backend.accounts.memory import Known, SessionMemory
from backend.accounts.models import NewUser, PasswordBody, Session, User, UserChange
from backend.accounts.passwords import Passwords, demand_strength
from backend.accounts.permissions import granted, preset
from backend.accounts.store import AccountsStore
from backend.accounts.throttle import LoginThrottle
from backend.accounts.tokens import BadToken, Claims, Signed, Tokens, digest, session_of
from backend.audit.service import AuditService
from backend.core import log
from backend.core.clock import Clock, utcnow
from backend.core.errors import BadRequest, Conflict, Forbidden, InvalidInput, NotFound, RateLimited, Unauthenticated
from backend.core.french import by_field
from backend.core.ids import new_id
from backend.core.mongo import Doc, Mongo, Tx
from backend.core.paging import Page, Paged
from backend.core.tenancy import Scope
from backend.core.text import special_use
from backend.settings import Settings

logger = log.get("rdz.accounts")

_SAFE = {"GET", "HEAD", "OPTIONS"}
_WRONG = "Adresse e-mail ou mot de passe incorrect."
_AGAIN = "Session absente ou expirée. Connectez-vous."


class AccountsService:
    def __init__(
        self, settings: Settings, mongo: Mongo, store: AccountsStore, audit: AuditService, clock: Clock, everyone: Scope
    ) -> None:
        self._settings = settings
        self._mongo = mongo
        self._store = store
        self._audit = audit
        self._clock = clock
        self._everyone = everyone
        self._passwords = Passwords()
        self._tokens = Tokens(settings.jwt_secret.get_secret_value(), settings.jwt_expires_in)
        self._throttle = LoginThrottle()
        self._memory = SessionMemory()
        self.jar = Jar(settings)

    def forget(self) -> None:
        """Drop what this process remembers: sessions and failed logins."""
        self._memory.forget()
        self._throttle.forget()

    # Who is calling

    async def authenticate(self, request: Request, authorization: str | None, x_entity_scope: str | None) -> Caller:
        """The caller of a request, by bearer token or by cookie (then the CSRF header too, unless it only reads)."""
        token = bearer(authorization) if authorization is not None else request.cookies.get(self.jar.access, "")
        claims = self._claims(token)
        known = await self._known(claims.session_id)
        if known is None or known.expires_at <= utcnow() or known.user.id != claims.user_id:
            raise Unauthenticated(_AGAIN)
        if not known.user.is_active:
            raise Forbidden("Ce compte est désactivé.")
        if authorization is None and request.method not in _SAFE:
            self._check_csrf(claims.session_id, request.headers.get("x-csrf-token", ""))
        return self._caller(known.user, claims.session_id, x_entity_scope)

    def origin(self, request: Request) -> Origin:
        return origin_of(request, trust_proxy=self._settings.trust_proxy)

    def _claims(self, token: str) -> Claims:
        try:
            return self._tokens.read(token)
        except BadToken:
            raise Unauthenticated(_AGAIN, headers={"WWW-Authenticate": "Bearer"}) from None

    def _check_csrf(self, session_id: str, given: str) -> None:
        if not self._tokens.csrf_matches(session_id, given):
            raise Forbidden("En-tête X-CSRF-Token absent ou incorrect : rechargez la page.")

    async def _known(self, session_id: str) -> Known | None:
        known = self._memory.find(session_id)
        if known is not None:
            return known
        reading = self._memory.reading()
        session = await self._store.session(session_id)
        user = await self._store.any_user(session.user_id) if session else None
        if session is None or user is None:
            return None
        known = Known(user, session.expires_at)
        self._memory.keep(session_id, known, reading)
        return known

    def _caller(self, user: User, session_id: str, wanted: str | None) -> Caller:
        entities = tuple(self._settings.entities)
        own = user.entity or entities[0]
        scope = Scope((own,))
        if user.role == "super_admin":
            code = (wanted or "").strip().upper()
            scope = Scope((code,)) if code in entities else self._everyone
        permissions = granted(user.role, user.permissions)
        return Caller(user.id, user.email, user.nom, user.role, own, permissions, scope, session_id, entities)

    # Signing in and out

    async def login(self, email: str, password: str, origin: Origin) -> tuple[User, Signed]:
        """Sign in. Unknown account and wrong password answer alike, in the same time."""
        email = email.strip().lower()
        self._brake(email, origin)
        user = await self._store.by_email(email)
        if not await self._passwords.verify(password, user.password if user else None) or user is None:
            logger.info("login_failed", account=email, ip=origin.ip)
            raise Unauthenticated(_WRONG)
        self._throttle.forgive(email, origin.ip)
        if not user.is_active:
            raise Forbidden("Ce compte est désactivé. Adressez-vous à un administrateur.")
        return user, await self.open_session(user, origin)

    def _brake(self, email: str, origin: Origin) -> None:
        wait = self._throttle.enter(email, origin.ip)
        if wait:
            logger.warning("login_throttled", account=email, ip=origin.ip)
            raise RateLimited(
                "Trop d'essais. Patientez avant de réessayer.", headers={"Retry-After": str(int(wait) + 1)}
            )

    async def open_session(self, user: User, origin: Origin) -> Signed:
        """A new session for `user`, whose identity is established, and the event that says so."""
        now = utcnow()
        sid = new_id()
        refresh = self._tokens.first_refresh(sid)
        session = Session(
            id=sid, user_id=user.id, refresh=digest(refresh), previous_until=now, created_at=now,
            expires_at=now + self._settings.refresh_token_expires_in, ip=origin.ip, user_agent=origin.user_agent,
        )  # fmt: skip

        async def work(tx: Tx) -> None:
            await self._store.open(tx, session)
            await self._audit.record(tx, told("login", user, user, {"ip": origin.ip}))

        await self._mongo.transaction(work)
        return self._signed(user.id, sid, refresh)

    async def refresh(self, token: str, origin: Origin, csrf: str | None) -> Signed:
        """Exchange a refresh token for the next one. An old one shown again ends the session: someone has a copy.

        `csrf` is the header that must come with a token read in its cookie; None for a token given in the body.
        """
        sid = session_of(token)
        session = await self._store.session(sid)
        now = utcnow()
        if session is None or session.expires_at <= now:
            raise Unauthenticated(_AGAIN)
        if csrf is not None:
            self._check_csrf(sid, csrf)
        user = await self._store.any_user(session.user_id)
        if user is None or not user.is_active:
            raise Unauthenticated(_AGAIN)
        following = self._tokens.next_refresh(token)
        if not await self._rotated(session, digest(token), digest(following)):
            await self._reused(user, sid, origin)
        return self._signed(user.id, sid, following)

    async def _rotated(self, session: Session, presented: str, following: str) -> bool:
        now = utcnow()
        fields = {
            "refresh": following, "previous": presented, "previous_until": now + rules.GRACE,
            "expires_at": rules.prolonged(session, self._settings.refresh_token_expires_in, now),
        }  # fmt: skip
        if await self._store.rotate(session.id, presented, fields, now):
            return True
        latest = await self._store.session(session.id)
        return latest is not None and latest.previous == presented and latest.previous_until > now

    async def _reused(self, user: User, sid: str, origin: Origin) -> None:
        await self._end(user, sid, "session_revoked", origin)
        logger.warning("refresh_token_reused", account=user.email, ip=origin.ip)
        raise Unauthenticated(_AGAIN)

    async def logout(self, caller: Caller, origin: Origin) -> None:
        await self._end(await self._someone(caller.user_id), caller.session_id, "logout", origin)

    async def _end(self, user: User, sid: str, action: str, origin: Origin) -> None:
        async def work(tx: Tx) -> None:
            if await self._store.close(tx, sid):
                await self._audit.record(tx, told(action, user, user, {"ip": origin.ip}))

        await self._mongo.transaction(work)
        self._memory.forget_session(sid)

    async def change_password(self, caller: Caller, body: PasswordBody, origin: Origin) -> None:
        """Change one's own password; every other session of the account ends."""
        self._brake(caller.email, origin)
        user = await self._someone(caller.user_id)
        if not await self._passwords.verify(body.current_password, user.password):
            raise Forbidden("Le mot de passe actuel est incorrect.")
        self._throttle.forgive(caller.email, origin.ip)
        await self.set_password(user, body.new_password, {"ip": origin.ip}, keep=caller.session_id)

    async def set_password(
        self, user: User, new: str, details: Doc, *, keep: str = "", also: Callable[[Tx], Awaitable[None]] | None = None
    ) -> None:
        """Write a strong password; every session but `keep` ends. `also` is done in the same transaction."""
        demand_strength("new_password", new, user.email)
        fields = {"password": await self._passwords.hash(new), "updated_at": self._clock.now()}

        async def work(tx: Tx) -> None:
            if also is not None:
                await also(tx)
            await self._store.change(tx, user.id, fields)
            await self._store.close_all(tx, user.id, but=keep)
            await self._audit.record(tx, told("password_changed", user, user, details))

        await self._mongo.transaction(work)
        self._memory.forget_user(user.id)

    def _signed(self, user_id: str, sid: str, refresh: str) -> Signed:
        access = self._tokens.access(Claims(user_id, sid), utcnow())
        return Signed(access, refresh, self._tokens.csrf(sid), int(self._tokens.lifetime.total_seconds()))

    # Users

    async def me(self, caller: Caller) -> User:
        return await self._someone(caller.user_id)

    async def page(self, scope: Scope, page: Page, *, active_only: bool = False, search: str = "") -> Paged[User]:
        return await self._store.page(scope, page, active_only=active_only, search=search)

    async def create(self, caller: Caller, body: NewUser) -> User:
        """A new user, with the preset of the role unless a map of permissions is given."""
        refused = rules.creation_refused(caller, body)
        if refused:
            raise Forbidden(refused)
        entity = caller.write_entity(body.entity)
        permissions = preset(body.role) if body.permissions is None else body.permissions
        return await self._add(body, entity, permissions, by=caller)

    async def create_admin(self, email: str, password: str | None, nom: str) -> str:
        """A super administrator of the first entity, for a base that has nobody yet. Returns the password, generated
        when None. An address already taken is a `Conflict`."""
        chosen = password if password is not None else secrets.token_urlsafe(15)
        entity = self._settings.entities[0]
        try:
            body = NewUser(email=email, password=chosen, nom=nom, entity=entity, role="super_admin")
        except ValidationError as exc:
            raise InvalidInput(by_field([dict(error) for error in exc.errors()])) from None
        await self._add(body, entity, preset("super_admin"), by=None)
        return chosen

    async def _add(self, body: NewUser, entity: str, permissions: dict[str, bool], *, by: Caller | None) -> User:
        chosen = secrets.token_urlsafe(32) if body.password is None else body.password
        demand_strength("password", chosen, body.email)
        if self._settings.production and special_use(body.email):
            raise InvalidInput({"email": "Ce domaine ne peut pas recevoir d'e-mail."})
        user = User(
            id=new_id(), email=body.email, password=await self._passwords.hash(chosen), nom=body.nom,
            entity=entity, role=body.role, permissions=permissions, created_at=self._clock.now(),
            created_by=by.email if by else "system:create-admin",
        )  # fmt: skip

        async def work(tx: Tx) -> None:
            await self._store.insert(tx, user)
            await self._audit.record(tx, creation(user, by))

        try:
            await self._mongo.transaction(work)
        except DuplicateKeyError as exc:
            raise Conflict("Cette adresse e-mail a déjà un compte.", code="duplicate") from exc
        return user

    async def change(self, caller: Caller, user_id: str, body: UserChange) -> User:
        if body.is_active is False and (refused := rules.self_deactivation(caller, user_id)):
            raise BadRequest(refused)
        if body.entity is not None:
            caller.within(body.entity)

        async def work(tx: Tx) -> User:
            target = await self._target(caller, user_id, tx)
            if refused := rules.change_refused(caller, target, body):
                raise Forbidden(refused)
            return await self._save(tx, caller, target, rules.changed_fields(target, body))

        user = await self._mongo.transaction(work)
        self._memory.forget_user(user_id)
        return user

    async def deactivate(self, caller: Caller, user_id: str) -> None:
        if refused := rules.self_deactivation(caller, user_id):
            raise BadRequest(refused)

        async def work(tx: Tx) -> None:
            target = await self._target(caller, user_id, tx)
            if refused := rules.deactivation_refused(caller, target):
                raise Forbidden(refused)
            await self._save(tx, caller, target, {"is_active": False} if target.is_active else {})

        await self._mongo.transaction(work)
        self._memory.forget_user(user_id)

    async def _save(self, tx: Tx, caller: Caller, target: User, fields: Doc) -> User:
        """Write `fields`, tell them, and end the sessions of who is no longer active."""
        if not fields:
            return target
        now = self._clock.now()
        if rules.loses_super_admin(target, fields) and not await self._store.another_super_admin(tx, target.id):
            raise Conflict("Il doit rester un super administrateur actif.")
        action = of_change(fields)
        stamps: Doc = {"updated_at": now}
        if "is_active" in fields:
            stamps["deactivated_at"] = None if fields["is_active"] else now
        if action == "user_deactivated":
            await self._store.close_all(tx, target.id)
        await self._store.change(tx, target.id, fields | stamps)
        await self._audit.record(tx, told(action, caller, target, {"changes": rules.told(target, fields)}))
        return target.model_copy(update=fields | stamps)

    async def _target(self, caller: Caller, user_id: str, tx: Tx) -> User:
        user = await self._store.user(caller.scope, user_id, tx=tx)
        if user is None:
            raise NotFound("Utilisateur introuvable.")
        return user

    async def active(self, *, email: str = "", user_id: str = "") -> User | None:
        user = await (self._store.by_email(email) if email else self._store.any_user(user_id))
        return user if user is not None and user.is_active else None

    async def _someone(self, user_id: str) -> User:
        user = await self._store.any_user(user_id)
        if user is None:
            raise Unauthenticated(_AGAIN)
        return user
