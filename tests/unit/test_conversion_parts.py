"""Divided communes: what each part's weight rests on, and what decides between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

import geoaddr
from geoaddr.conversion import EVE, Carrier, Converter, shares
from geoaddr.conversion.confidence import OK_FROM

TEXT = "57 Huỳnh Thúc Kháng, Láng Hạ, Đống Đa, Hà Nội"
LANG, GIANG_VO = "00199", "00025"
"""Two of the parts of the old Phường Láng Hạ, 00199."""


class Streets:
    """Where the addresses of one street lie."""

    def __init__(self, street: str, counts: Mapping[str, int]) -> None:
        self.street, self.counts = street, counts

    def communes_of(
        self,
        street: str,
        *,
        communes: Sequence[str] | None = None,
        house_number: str | None = None,
        minimum: int = 1,
    ) -> Mapping[str, int]:
        if street != self.street:
            return {}
        return {c: n for c, n in self.counts.items() if n >= minimum and (communes is None or c in communes)}


@pytest.fixture(scope="module")
def ga() -> geoaddr.Geoaddr:
    return geoaddr.open(store="memory:")


def knowing(ga: geoaddr.Geoaddr, counts: Mapping[str, int]) -> Converter:
    return Converter(ga.interpreter, ga.locator, lambda: Streets("Huỳnh Thúc Kháng", counts))


@pytest.mark.parametrize(
    ("counts", "status", "commune", "basis"),
    [
        ({GIANG_VO: 80}, "ok", GIANG_VO, "known"),
        ({GIANG_VO: 40, LANG: 40}, "ambiguous", None, "known"),
        ({GIANG_VO: 1}, "ambiguous", None, "known"),
        ({"26740": 500}, "ambiguous", None, "note"),
        ({}, "ambiguous", None, "note"),
    ],
)
def test_known_addresses_decide_between_the_parts(
    ga: geoaddr.Geoaddr, counts: Mapping[str, int], status: str, commune: str | None, basis: str
) -> None:
    answer = knowing(ga, counts).convert(TEXT)
    assert answer.status == status
    assert answer.candidates[0].basis == basis
    assert sum(c.weight for c in answer.candidates) == pytest.approx(1.0)
    if commune is not None:
        assert answer.commune is not None
        assert answer.commune.code == commune


def test_what_is_known_says_nothing_where_nothing_was_divided(ga: geoaddr.Geoaddr) -> None:
    text = "10 Huỳnh Thúc Kháng, Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh"
    assert knowing(ga, {GIANG_VO: 500}).convert(text) == ga.convert(text)


def test_every_candidate_says_how_much_and_by_what_resolution(ga: geoaddr.Geoaddr) -> None:
    parts = [c for c in ga.convert(TEXT).candidates if c.basis == "note"]
    assert {c.grade for c in parts} == {"part"}
    assert {c.legal_basis for c in parts} == {"1656/NQ-UBTVQH15"}
    whole = ga.convert("10 Lê Lợi, Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh").candidates[0]
    assert (whole.grade, whole.basis, whole.legal_basis) == ("whole", "whole", "1685/NQ-UBTVQH15")


def test_shares_of_every_unit_sum_to_one(ga: geoaddr.Geoaddr) -> None:
    carrier = Carrier(ga.gazetteer)
    there = [carrier.carried(u, ga.date) for u in ga.units("commune", as_of=EVE)[::7]]
    there += [carrier.carried(u, ga.date) for u in ga.units("district", as_of=EVE)[::7]]
    islands = [u for u in ga.units("commune") if u.type == "Đặc khu"]  # some were districts without communes
    back = [carrier.carried(u, EVE) for u in ga.units("commune")[::7] if u not in islands]
    for carried in there + back:
        assert sum(c.weight for c in carried) == pytest.approx(1.0)
        assert [c.weight for c in carried] == sorted((c.weight for c in carried), reverse=True)


def test_a_part_with_more_for_it_weighs_more() -> None:
    plain = shares.Part(main=False, same_name=False, same_code=False, same_district=0.5)
    for better in (
        shares.Part(main=True, same_name=False, same_code=False, same_district=0.5),
        shares.Part(main=False, same_name=True, same_code=False, same_district=0.5),
        shares.Part(main=False, same_name=False, same_code=True, same_district=0.5),
        shares.Part(main=False, same_name=False, same_code=False, same_district=1.0),
    ):
        first, second = shares.of_parts([plain, better])
        assert first < second
        assert first + second == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("text", "commune"),
    [
        ("5 Hoa Mai, Phường 12, Quận 4, Thành phố Hồ Chí Minh", "Phường Xóm Chiếu"),
        ("8 Sao Mai, Phường 7, Quận 3, Thành phố Hồ Chí Minh", "Phường Xuân Hòa"),
        ("9 Hoa Sen, Phường 12, Phú Nhuận, Thành phố Hồ Chí Minh", "Phường Phú Nhuận"),
    ],
)
def test_wards_gone_in_2021_are_known(ga: geoaddr.Geoaddr, text: str, commune: str) -> None:
    """Resolution 1111/NQ-UBTVQH14; then resolution 1685/NQ-UBTVQH15."""
    answer = ga.convert(text)
    assert answer.commune is not None
    assert answer.commune.full_name == commune


def test_confidence_is_what_ok_is_decided_on(ga: geoaddr.Geoaddr) -> None:
    for text in ("10 Lê Lợi, Phường Bến Nghé, Quận 1, TP. Hồ Chí Minh", TEXT, "Ngô Quyền, Hà Nội", "Hà Nội"):
        answer = ga.convert(text)
        assert answer.confidence is None or 0 < answer.confidence < 1
        assert answer.status != "ok" or (answer.confidence or 0) >= OK_FROM
