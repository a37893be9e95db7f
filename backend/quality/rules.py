"""What the counts say of each source (http-api 4.9). Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

from backend.core.text import folded
from backend.quality.models import (
    Cannibalization,
    Cohort,
    Conflict,
    Copied,
    Duplicates,
    Kpis,
    LbStats,
    Offenders,
    Origin,
    PhoneQuality,
    Ranking,
    Seen,
    SourceScore,
    TimeBuckets,
    Toxicity,
    Trust,
    Unsold,
)

DELIVERED = frozenset({"routed", "livre"})
UNSOLD = frozenset({"invalid", "duplicate", "no_open_orders", "hold_source", "hold_consent", "pending_config"})
RANKED, RANKED_FROM = 5, 5
_TENTH = Decimal("0.1")
_HUNDRED = Decimal(100)
Cohorts = Sequence[Cohort]


def pct(part: int, whole: int) -> Decimal:
    """`part` of `whole` in percent, one decimal; 0 of nothing."""
    exact = _HUNDRED * part / whole if whole > 0 else Decimal(0)
    return exact.quantize(_TENTH, ROUND_HALF_UP)


def rate(part: int, whole: int) -> str:
    return str(pct(part, whole))


def count(cohorts: Iterable[Cohort], wanted: Callable[[Cohort], bool] = lambda _: True) -> int:
    return sum(one.n for one in cohorts if wanted(one))


def _delivered(one: Cohort) -> bool:
    return one.status in DELIVERED


def _valid(one: Cohort) -> bool:
    return one.phone_quality == "valid"


def kpis(now: Cohorts, before: Cohorts) -> Kpis:
    total, delivered, valid = count(now), count(now, _delivered), count(now, _valid)
    both = count(now, lambda one: _delivered(one) and _valid(one))
    return Kpis(
        total_leads=total,
        total_before=count(before),
        delivered=delivered,
        valid_total=valid,
        delivered_valid=both,
        real_deliverability_rate=rate(delivered, total),
        clean_rate=rate(valid, total),
        economic_yield=rate(both, total),
    )


def phone_quality(now: Cohorts, before: Cohorts) -> list[PhoneQuality]:
    """One line per kind of source, the largest first."""
    told = []
    for kind in sorted({one.kind for one in now}):
        rows = [one for one in now if one.kind == kind]
        total, last = count(rows), count(one for one in before if one.kind == kind)
        by = Counter[str]()
        for one in rows:
            by[one.phone_quality] += one.n
        told.append(
            PhoneQuality(
                source_type=kind,
                total_leads=total,
                valid_count=by["valid"],
                suspicious_count=by["suspicious"],
                invalid_count=by["invalid"],
                valid_rate=rate(by["valid"], total),
                suspicious_rate=rate(by["suspicious"], total),
                invalid_rate=rate(by["invalid"], total),
                trend_pct=rate(total - last, last) if last else None,
            )
        )
    return sorted(told, key=lambda one: -one.total_leads)


Sources = Mapping[Origin, Cohorts]


def by_source(cohorts: Iterable[Cohort]) -> dict[Origin, list[Cohort]]:
    told: dict[Origin, list[Cohort]] = {}
    for one in cohorts:
        told.setdefault(one.origin, []).append(one)
    return told


def named(rows: Cohorts) -> str:
    return max(one.name for one in rows)


def duplicates(sources: Sources) -> list[Duplicates]:
    told = []
    for origin, rows in sources.items():
        total, found = count(rows), count(rows, lambda one: one.status == "duplicate")
        told.append(
            Duplicates(
                **origin.model_dump(),
                source=named(rows),
                total_leads=total,
                duplicate_count=found,
                duplicate_rate=rate(found, total),
            )
        )
    return sorted(told, key=lambda one: (-one.duplicate_count, -one.total_leads, one.source))


def unsold(sources: Sources) -> list[Unsold]:
    """Sources with something that did not reach a buyer; what an LB replaced is told too, though no score counts it."""
    told = []
    for origin, rows in sources.items():
        reasons = Counter[str]()
        for one in rows:
            if one.status in UNSOLD or one.status == "replaced_by_lb":
                reasons[one.status] += one.n
        if reasons:
            line = {**origin.model_dump(), "source": named(rows), "total_rejected": reasons.total()}
            told.append(Unsold.model_validate({**line, "by_reason": dict(reasons.most_common())}))
    return sorted(told, key=lambda one: (-one.total_rejected, one.source))


def scores(sources: Sources, before: Sources) -> list[SourceScore]:
    """Every source, the most trusted first."""
    told = [_score(origin, rows, count(before.get(origin, ()))) for origin, rows in sources.items()]
    return sorted(told, key=lambda one: (-Decimal(one.trust_score), -one.total, one.source))


def ranking(found: Sequence[SourceScore]) -> Ranking:
    """`found`: the most trusted first. A source is on one side only."""
    known = [one for one in found if one.total >= RANKED_FROM]
    worst = list(reversed(known[RANKED:]))[:RANKED]
    return Ranking(best=known[:RANKED], worst=worst, unranked=len(found) - len(known), at_least=RANKED_FROM)


def _score(origin: Origin, rows: Cohorts, before: int) -> SourceScore:
    total = count(rows)
    counts = {
        "delivered": count(rows, _delivered),
        "valid_count": count(rows, _valid),
        "invalid_count": count(rows, lambda one: one.phone_quality == "invalid"),
        "duplicate_count": count(rows, lambda one: one.status == "duplicate"),
        "unsold_count": count(rows, lambda one: one.status in UNSOLD),
    }
    suspicious = pct(count(rows, lambda one: one.phone_quality == "suspicious"), total)
    unsold_share = pct(counts["unsold_count"], total)
    sold, refused = sum(one.sold for one in rows), sum(one.refused for one in rows)
    valid, delivered, dup = (pct(counts[name], total) for name in ("valid_count", "delivered", "duplicate_count"))
    toxic, trusted = toxicity(dup, suspicious, unsold_share, delivered), trust(valid, delivered, dup, suspicious)
    return SourceScore(
        **origin.model_dump(),
        source=named(rows),
        kinds=sorted({one.kind for one in rows}),
        total=total,
        before=before,
        **counts,
        sold=sold,
        refused=refused,
        valid_rate=str(valid),
        suspicious_rate=str(suspicious),
        invalid_rate=rate(counts["invalid_count"], total),
        duplicate_rate=str(dup),
        deliverability_rate=str(delivered),
        rejection_rate=str(unsold_share),
        refused_rate=rate(refused, sold),
        lb_replacement_rate=rate(sum(one.replaced for one in rows), total),
        toxicity_score=str(toxic[0]),
        toxicity_breakdown=toxic[1],
        trust_score=str(trusted[0]),
        trust_breakdown=trusted[1],
    )


def _clamped(value: Decimal) -> Decimal:
    return min(_HUNDRED, max(Decimal(0), value)).quantize(_TENTH, ROUND_HALF_UP)


def toxicity(dup: Decimal, susp: Decimal, rej: Decimal, delivered: Decimal) -> tuple[Decimal, Toxicity]:
    """2 x duplicates + suspicious + unsold - delivered, from 0 to 100."""
    told = Toxicity(dup_x2=str(2 * dup), susp=str(susp), rej=str(rej), deliv_neg=str(-delivered))
    return _clamped(2 * dup + susp + rej - delivered), told


def trust(valid: Decimal, delivered: Decimal, dup: Decimal, susp: Decimal) -> tuple[Decimal, Trust]:
    """0.4 valid + 0.4 delivered - 0.1 duplicates - 0.1 suspicious: at most 80."""
    parts = [(Decimal(weight) * of).quantize(_TENTH, ROUND_HALF_UP) for weight, of in
             (("0.4", valid), ("0.4", delivered), ("-0.1", dup), ("-0.1", susp))]  # fmt: skip
    exact = Decimal("0.4") * (valid + delivered) - Decimal("0.1") * (dup + susp)
    names = ("valid_x04", "deliv_x04", "dup_neg", "susp_neg")
    return _clamped(exact), Trust(**dict(zip(names, map(str, parts), strict=True)))


def lb(cohorts: Cohorts, stock: int) -> LbStats:
    suspicious = [one for one in cohorts if one.phone_quality == "suspicious"]
    replaced = count(suspicious, lambda one: one.status == "replaced_by_lb")
    return LbStats(
        suspicious_total=count(suspicious),
        lb_replaced_count=replaced,
        suspicious_delivered_count=count(suspicious, _delivered),
        lb_stock_available=stock,
        lb_usage_rate=rate(replaced, count(suspicious)),
    )


def bucket(hours: float | None) -> str:
    if hours is None:
        return "unknown"
    return "lt_1h" if hours < 1 else "h1_24" if hours < 24 else "d1_7" if hours < 168 else "gt_7d"


def time_buckets(copies: Iterable[Copied]) -> TimeBuckets:
    return TimeBuckets(**Counter(bucket(one.hours) for one in copies))


def offenders(cohorts: Cohorts, copies: Sequence[Copied]) -> dict[str, Offenders]:
    """By company of the lead; a lead without one is nobody's."""
    totals = Counter[str]()
    for one in cohorts:
        if one.entity:
            totals[one.entity] += one.n
    told = {}
    for entity, total in sorted(totals.items()):
        own = [one for one in copies if one.entity == entity]
        told[entity] = Offenders(
            total_leads=total,
            duplicate_count=len(own),
            duplicate_rate=rate(len(own), total),
            against_internal_lp=sum(one.kind == "internal_lp" for one in own),
            against_provider=sum(one.kind == "provider" for one in own),
            against_other_entity=sum(one.other_entity for one in own),
        )
    return told


def pairs(seen: Iterable[Seen]) -> list[tuple[Seen, Seen]]:
    """Each two places that a number came from, in one order."""
    ordered = sorted(seen, key=lambda one: (folded(one.name), one.entity or "", one.origin.provider_id or ""))
    return list(combinations(ordered, 2))


def conflicts(counted: Mapping[tuple[Seen, Seen], int]) -> list[Conflict]:
    """The pairs of sources that share most numbers first."""
    told = [
        Conflict(source_a=a.name, source_b=b.name, entity_a=a.entity, entity_b=b.entity, conflict_count=n)
        for (a, b), n in counted.items()
    ]
    return sorted(told, key=lambda one: (-one.conflict_count, one.source_a, one.source_b))


def cannibalization(phones: Mapping[tuple[int, str | None], int], entities: Iterable[str]) -> Cannibalization:
    unique = sum(phones.values())
    first = {code: sum(n for (companies, by), n in phones.items() if companies > 1 and by == code) for code in entities}
    crossed = sum(first.values())
    share = rate(crossed, unique)
    return Cannibalization(
        cross_entity_duplicate_count=crossed,
        total_unique_phones=unique,
        cross_entity_duplicate_rate=share,
        first_source_distribution=first,
        cannibalization_index=share,
    )
