"""What the counts say of a source."""

from __future__ import annotations

from decimal import Decimal

import pytest

from backend.leads.models import Status
from backend.quality import rules
from backend.quality.models import Cohort, Copied, Origin, Seen

GOOGLE, EMPTY = Origin(source_key="google"), Origin()


def cohort(
    status: Status = "livre", n: int = 1, origin: Origin = GOOGLE, quality: str = "valid", **given: int
) -> Cohort:
    return Cohort.model_validate(
        {"entity": "ZR7", "kind": "direct", "origin": origin, "name": "Google", "status": status,
         "phone_quality": quality, "n": n, **given}
    )  # fmt: skip


def test_a_score_is_the_written_formula() -> None:
    rows = [
        cohort(n=60),
        cohort("duplicate", 20),
        cohort("no_open_orders", 10),
        cohort("routed", 10, quality="suspicious"),
    ]
    (one,) = rules.scores(rules.by_source(rows), {})
    assert (one.total, one.delivered, one.duplicate_rate, one.rejection_rate) == (100, 70, "20.0", "30.0")
    assert one.trust_score == "61.0"  # 0.4 x 90 + 0.4 x 70 - 0.1 x 20 - 0.1 x 10
    assert one.toxicity_score == "10.0"  # 2 x 20 + 10 + 30 - 70
    assert one.toxicity_breakdown.model_dump() == {
        "dup_x2": "40.0", "susp": "10.0", "rej": "30.0", "deliv_neg": "-70.0",
    }  # fmt: skip
    assert one.trust_breakdown.valid_x04 == "36.0"


@pytest.mark.parametrize("status", ["livre", "duplicate", "invalid", "replaced_by_lb"])
def test_scores_stay_between_nothing_and_a_hundred(status: Status) -> None:
    (one,) = rules.scores(rules.by_source([cohort(status, 3, quality="suspicious")]), {})
    assert 0 <= Decimal(one.trust_score) <= 100
    assert 0 <= Decimal(one.toxicity_score) <= 100


def test_what_buyers_refuse_is_told_of_what_they_were_sent() -> None:
    (one,) = rules.scores(rules.by_source([cohort(n=3, sold=3, refused=1), cohort("new", 1, sold=1, refused=1)]), {})
    assert (one.sold, one.refused, one.refused_rate) == (4, 2, "50.0")


def test_a_source_is_compared_with_itself_before_and_nothing_before_is_no_trend() -> None:
    now, before = [cohort(n=3), cohort(n=2, origin=EMPTY)], [cohort(n=2)]
    told = {one.source_key: one.before for one in rules.scores(rules.by_source(now), rules.by_source(before))}
    assert told == {"google": 2, "": 0}
    assert rules.phone_quality(now, before)[0].trend_pct == "150.0"
    assert rules.phone_quality(now, [])[0].trend_pct is None


def test_the_age_of_a_copy_falls_in_one_bucket() -> None:
    hours = [0.5, 1.0, 23.9, 24.0, 167.9, 168.0, None]
    told = rules.time_buckets(Copied(entity="ZR7", hours=one) for one in hours)
    assert told.model_dump(by_alias=True) == {"lt_1h": 1, "1h_24h": 2, "1d_7d": 2, "gt_7d": 1, "unknown": 1}


def test_two_sources_conflict_in_one_order() -> None:
    a, b = Seen(origin=GOOGLE, name="Google", entity="ZR7"), Seen(origin=EMPTY, name="", entity="ZR7")
    assert rules.pairs([a, b]) == rules.pairs([b, a]) == [(b, a)]


def test_numbers_of_both_companies_are_shared_out_by_who_had_them_first() -> None:
    told = rules.cannibalization({(1, "ZR7"): 6, (2, "ZR7"): 3, (2, "MDL"): 1}, ("ZR7", "MDL"))
    assert (told.cross_entity_duplicate_count, told.cannibalization_index) == (4, "40.0")
    assert told.first_source_distribution == {"ZR7": 3, "MDL": 1}


def test_only_sources_that_sent_enough_are_ranked_each_on_one_side() -> None:
    rows = [cohort(n=10 + one, origin=Origin(source_key=f"s{one}")) for one in range(7)]
    rows += [cohort("invalid", 9, origin=Origin(source_key="s0"), quality="invalid"), cohort(n=4, origin=EMPTY)]
    told = rules.ranking(rules.scores(rules.by_source(rows), {}))
    best, worst = ([one.source_key for one in side] for side in (told.best, told.worst))
    assert (len(best), worst[0], told.unranked) == (5, "s0", 1)
    assert sorted(best + worst) == [f"s{one}" for one in range(7)]
