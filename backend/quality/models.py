"""Shapes of the quality of sources (http-api 1.15). Rates are in percent, one decimal, as text."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, Field

from backend.core.phone import Quality
from backend.leads.models import SourceType as Kind
from backend.leads.models import Status

Range = Literal["24h", "7d", "30d", "90d"]
Rate = str
SectionName = Literal[
    "kpis",
    "phone_quality",
    "duplicate_by_source",
    "rejections_by_source",
    "source_scores",
    "lb_stats",
    "duplicate_offenders_by_entity",
    "duplicate_time_buckets",
    "duplicate_cross_matrix",
    "client_rejections",
    "cannibalization",
    "overlap_stats",
]


class Origin(BaseModel, frozen=True):
    """A source as people name it: a provider, else what the form or the campaign said, in any case of letters."""

    provider_id: str | None = None
    source_key: str = ""


class Cohort(BaseModel):
    """Leads received in the window that share all this. `sold`, `refused`: buyers sent them, those who said no."""

    entity: str | None
    kind: Kind
    origin: Origin
    name: str
    status: Status
    phone_quality: Quality
    n: int
    replaced: int = 0
    sold: int = 0
    refused: int = 0


class Copied(BaseModel):
    """A lead that every possible buyer already had, and the lead they had it from (None: not in this scope)."""

    entity: str | None
    hours: float | None = None
    kind: Kind | None = None
    other_entity: bool = False


class Seen(BaseModel, frozen=True):
    """Where a number came from."""

    origin: Origin
    name: str
    entity: str | None


class Kpis(BaseModel):
    """`delivered`: routed or delivered. Compared with the same length of time just before."""

    total_leads: int
    total_before: int
    delivered: int
    valid_total: int
    delivered_valid: int
    real_deliverability_rate: Rate = Field(description="Attribués ou livrés ÷ reçus")
    clean_rate: Rate = Field(description="Numéros valides ÷ reçus")
    economic_yield: Rate = Field(description="Attribués ou livrés avec un numéro valide ÷ reçus")


class PhoneQuality(BaseModel):
    source_type: Kind
    total_leads: int
    valid_count: int
    suspicious_count: int
    invalid_count: int
    valid_rate: Rate
    suspicious_rate: Rate
    invalid_rate: Rate
    trend_pct: Rate | None = Field(description="Par rapport à la période précédente ; null : rien avant")


class OriginLine(Origin):
    """A source and its name."""

    source: str


class Duplicates(OriginLine):
    total_leads: int
    duplicate_count: int
    duplicate_rate: Rate


class Unsold(OriginLine):
    """What did not reach a buyer, by state of the lead."""

    total_rejected: int
    by_reason: dict[Status, int]


class Toxicity(BaseModel):
    dup_x2: Rate
    susp: Rate
    rej: Rate
    deliv_neg: Rate


class Trust(BaseModel):
    valid_x04: Rate
    deliv_x04: Rate
    dup_neg: Rate
    susp_neg: Rate


class SourceScore(OriginLine):
    """`rejection_rate`: what did not reach a buyer. `refused_rate`: what buyers said no to, of what they were sent."""

    kinds: list[Kind]
    total: int
    before: int
    delivered: int
    valid_count: int
    invalid_count: int
    duplicate_count: int
    unsold_count: int
    sold: int
    refused: int
    valid_rate: Rate
    suspicious_rate: Rate
    invalid_rate: Rate
    duplicate_rate: Rate
    deliverability_rate: Rate
    rejection_rate: Rate
    refused_rate: Rate
    lb_replacement_rate: Rate
    toxicity_score: Rate
    toxicity_breakdown: Toxicity
    trust_score: Rate
    trust_breakdown: Trust


class Offenders(BaseModel):
    total_leads: int
    duplicate_count: int
    duplicate_rate: Rate
    against_internal_lp: int
    against_provider: int
    against_other_entity: int


class TimeBuckets(BaseModel):
    """How long after the lead they already had."""

    lt_1h: int = 0
    h1_24: int = Field(0, serialization_alias="1h_24h")
    d1_7: int = Field(0, serialization_alias="1d_7d")
    gt_7d: int = 0
    unknown: int = 0


class Conflict(BaseModel):
    """How many numbers came from both sources."""

    source_a: str
    source_b: str
    entity_a: str | None
    entity_b: str | None
    conflict_count: int


class LbStats(BaseModel):
    suspicious_total: int
    lb_replaced_count: int
    suspicious_delivered_count: int
    lb_stock_available: int
    lb_usage_rate: Rate


class Cannibalization(BaseModel):
    """Numbers that both companies received."""

    cross_entity_duplicate_count: int
    total_unique_phones: int
    cross_entity_duplicate_rate: Rate
    first_source_distribution: dict[str, int] = Field(description="Qui l'a reçu le premier")
    cannibalization_index: Rate


class Overlap(BaseModel):
    """Buyers that both companies serve, and what the guard did about it in 30 days."""

    shared_clients_count: int
    shared_clients_rate: Rate
    shared_client_deliveries_30d_count: int
    shared_client_deliveries_30d_rate: Rate
    overlap_fallback_deliveries_30d_count: int
    overlap_fallback_deliveries_30d_rate: Rate


class Refusal(OriginLine):
    """What a buyer refused of a source in a département. `client_id` null: the sister company's buyer."""

    client_id: str | None
    client_name: str | None
    entity: str
    departement: str
    outcome: Literal["rejected", "removed"]
    reason: str
    count: int


class Ranking(BaseModel):
    """The best and the worst sources. `unranked`: too few leads to say; `at_least`: how many it takes."""

    best: list[SourceScore]
    worst: list[SourceScore]
    unranked: int
    at_least: int


class SourceCounts(BaseModel):
    """Leads received, with a valid number, sent to buyers, refused by them."""

    received: int = 0
    valid: int = 0
    sold: int = 0
    refused: int = 0


class SourcePoint(BaseModel):
    """A Paris day, or an ISO week, and the one that stands at its place in the period before."""

    start: date
    end: date = Field(description="Dernier jour, compris")
    now: SourceCounts
    before: SourceCounts
    before_so_far: int | None = Field(None, description="Reçus avant à la même heure, pour ce qui est en cours")


class SourceHistory(OriginLine):
    """One source over the period asked for, against the same length of time just before."""

    range: Range
    product: str
    unit: Literal["day", "week"]
    points: list[SourcePoint]


class Intelligence(BaseModel):
    """Every section of the page; one that failed is null and named in `_errors`, one that is not the caller's in
    `hidden`. Long tables are cut at `shown_at_most` rows, the largest first: `*_total` says how many there are."""

    range: Range
    scope: str
    product: str
    since: datetime
    until: datetime
    shown_at_most: int
    kpis: Kpis | None = None
    phone_quality: list[PhoneQuality] | None = None
    duplicate_by_source: list[Duplicates] | None = None
    duplicate_offenders_by_entity: dict[str, Offenders] | None = None
    duplicate_cross_matrix: list[Conflict] | None = None
    duplicate_cross_total: int = 0
    duplicate_time_buckets: TimeBuckets | None = None
    rejections_by_source: list[Unsold] | None = None
    client_rejections: list[Refusal] | None = None
    client_rejections_total: int = 0
    lb_stats: LbStats | None = None
    source_scores: list[SourceScore] | None = None
    sources_total: int = 0
    cannibalization: Cannibalization | None = None
    overlap_stats: Overlap | None = None
    hidden: list[SectionName] = Field(default_factory=list)
    errors: list[SectionName] = Field(default_factory=list, serialization_alias="_errors")
