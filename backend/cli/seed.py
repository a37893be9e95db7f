"""`rdz seed`: the demonstration's market on the base, once. Refused in production."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rich.table import Table

from backend.accounts.caller import Caller
from backend.accounts.models import NewUser
from backend.bootstrap import Parts
from backend.cli.market import DEMO, PASSWORD, Buyer, Market, Order, Person, Supplier
from backend.cli.terminal import console, refuse, with_parts
from backend.clients.models import Client, ClientCreate
from backend.commandes.models import NewCommande
from backend.core import weeks
from backend.core.errors import Conflict
from backend.core.mongo import Tx
from backend.core.tenancy import Scope
from backend.intercompany.models import InternalPriceBody
from backend.margin.models import CostBody
from backend.parametres.models import Form, LegalBody
from backend.pricing.models import DefaultsBody, PriceBody
from backend.providers.models import NewProvider

BY = "system:seed"
INTERNAL = {"PV": "25.00", "PAC": "30.00", "ITE": "20.00"}


@dataclass(slots=True)
class Seeded:
    """How many of each were added; what was there already is left as it is."""

    users: int = 0
    clients: int = 0
    commandes: int = 0
    prices: int = 0
    providers: int = 0
    forms: int = 0
    legal: int = 0


def seed() -> None:
    """Remplit la base de données de démonstration (comptes, clients, commandes, fournisseurs, formulaires)."""
    console.print(shown(with_parts(plant)))


def shown(done: Seeded) -> Table:
    table = Table("donnée", "ajoutées", title="Données de démonstration")
    names = ("comptes", "clients", "commandes", "prix", "fournisseurs", "formulaires", "mentions légales")
    numbers = (done.users, done.clients, done.commandes, done.prices, done.providers, done.forms, done.legal)
    for name, number in zip(names, numbers, strict=True):
        table.add_row(name, str(number))
    table.caption = f"Mot de passe des comptes de démonstration : {PASSWORD}"
    return table


async def plant(parts: Parts, market: Market = DEMO) -> Seeded:
    """Add what is missing of the market; safe to do again."""
    if parts.settings.production:
        refuse("Données de démonstration refusées en production.")
    done = Seeded()
    for person in market.people:
        done.users += await _person(parts, person)
    for buyer in market.buyers:
        await plant_buyer(parts, buyer, done)
    for supplier in market.suppliers:
        done.providers += await _supplier(parts, supplier)
    for code, (entity, produit) in market.forms.items():
        await parts.parametres.put_form(Form.model_validate({"code": code, "entity": entity, "produit": produit}), BY)
        done.forms += 1
    for entity, company in market.legal.items():
        done.legal += await _legal(parts, entity, company)
    await _internal_prices(parts)
    return done


async def _internal_prices(parts: Parts) -> None:
    """What one company pays the other for a lead, where nobody has said it yet."""
    held = (await parts.intercompany.prices(parts.everyone)).pricing
    known = {(one.from_entity, one.to_entity, one.product) for one in held}
    for source, target in (("ZR7", "MDL"), ("MDL", "ZR7")):
        for product, price in INTERNAL.items():
            if (source, target, product) not in known:
                given = {"from_entity": source, "to_entity": target, "product": product, "unit_price_ht": price}
                await parts.intercompany.put_price(parts.everyone, InternalPriceBody.model_validate(given), BY)


async def _legal(parts: Parts, entity: str, company: dict[str, str]) -> bool:
    if (await parts.parametres.read(Scope((entity,)), "legal"))["source"] == "stored":
        return False
    body = LegalBody.model_validate(company)
    await parts.parametres.write(entity, "legal", body.model_dump(exclude={"entity"}), BY)
    return True


async def _person(parts: Parts, person: Person) -> bool:
    try:
        if person.role == "super_admin":
            await parts.accounts.create_admin(person.email, PASSWORD, person.nom)
        else:
            body = {"email": person.email, "password": PASSWORD, "nom": person.nom, "entity": person.entity}
            await parts.accounts.create(_system(parts), NewUser.model_validate({**body, "role": person.role}))
    except Conflict:
        return False
    return True


async def plant_buyer(parts: Parts, buyer: Buyer, done: Seeded) -> None:
    given = {"name": buyer.name, "email": buyer.email, "auto_send_enabled": buyer.auto, **buyer.identity}
    delivery = [buyer.email, *buyer.also] if buyer.also else []
    body = ClientCreate.model_validate({**given, "delivery_emails": delivery})
    try:
        client = await parts.clients.create(buyer.entity, body, BY)
    except Conflict:
        return
    done.clients += 1
    if Decimal(buyer.discount):
        general = DefaultsBody(discount_pct_global=Decimal(buyer.discount))
        await parts.pricing.set_defaults(parts.everyone, client.id, general, BY)
    for order in buyer.orders:
        wanted = NewCommande(
            client_id=client.id,
            produit=order.produit,  # type: ignore[arg-type]
            departements=list(order.departements),
            quota_semaine=order.quota,
            priorite=order.priorite,
            lb_target_pct=order.lb,
            auto_renew=order.renews,
        )
        await parts.commandes.create(buyer.entity, wanted, BY)
        done.commandes += 1
        done.prices += await _price(parts, client, order)


async def _price(parts: Parts, client: Client, order: Order) -> bool:
    """The order's price since the first of January, and the units its client paid in advance."""
    if not order.price:
        return False
    body = PriceBody(
        product_code=order.produit,
        unit_price_eur=Decimal(order.price),
        discount_pct=Decimal(order.discount) if order.discount is not None else None,
        billing_mode="WEEKLY_INVOICE" if order.units is None else "PREPAID",
        valid_from=f"{weeks.paris_day(parts.clock.now()).year}-01-01",
    )
    await parts.pricing.set_price(parts.everyone, client.id, body, BY)
    if order.units:
        await parts.mongo.transaction(lambda tx: _bought(parts, tx, client, order))
    return True


async def _bought(parts: Parts, tx: Tx, client: Client, order: Order) -> None:
    assert order.units is not None
    await parts.prepaid.add(tx, client.entity, client.id, order.produit, order.units, by=BY, reason="démonstration")


async def _supplier(parts: Parts, supplier: Supplier) -> bool:
    body = NewProvider(name=supplier.name, slug=supplier.slug, entity=supplier.entity)
    try:
        provider, _ = await parts.providers.create(supplier.entity, body, BY)
    except Conflict:
        return False
    for produit, price in supplier.costs.items():
        cost = CostBody.model_validate({"produit": produit, "cost_ht": price, "valid_from": "2020-01-01"})
        await parts.margin.set_cost(parts.everyone, provider.id, cost, BY)
    return True


def _system(parts: Parts) -> Caller:
    entities = tuple(parts.settings.entities)
    return Caller(
        user_id=BY,
        email=BY,
        nom=BY,
        role="super_admin",
        entity=entities[0],
        permissions=frozenset(),
        scope=parts.everyone,
        session_id="",
        entities=entities,
    )
