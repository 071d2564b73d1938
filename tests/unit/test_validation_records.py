"""Verdicts beside what the registry knows, and on exact boundaries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import geoaddr
from geoaddr.model import AddressRecord, Point
from geoaddr.platform import Geoaddr
from geoaddr.validation import Validated

LINE = "12 Bảo Khánh, Phường Hoàn Kiếm, Hà Nội"
AT = {"lat": 21.0300, "lon": 105.8500}


@pytest.fixture
def ga() -> Iterator[Geoaddr]:
    with geoaddr.open(store="memory:") as opened:
        yield opened


def household(ga: Geoaddr, number: str = "12", street: str = "Bảo Khánh", *, live: bool = True) -> AddressRecord:
    parts = {"house_number": number, "street": street, "commune": "00070"}
    ndas = ga.assign(parts, **AT).ndas
    for _ in range(2 if live else 0):
        ga.confirm(ndas)
    return ga.address(ndas)


def part(answer: Validated, name: str) -> str:
    return next(each.status for each in answer.components if each.name == name)


def said(answer: Validated) -> tuple[str, str, list[str]]:
    return answer.verdict, answer.possible_next_action, [each.kind for each in answer.contradictions]


def test_a_code_alone_is_its_address(ga: Geoaddr) -> None:
    record = household(ga)
    for question in (record.ndas, {"code": f"{record.ndas[:5]} {record.ndas[5:]}"}, {"ndas": record.ndas}):
        answer = ga.validate(question)
        assert said(answer) == ("accept", "accept", [])
        assert answer.normalised.new == "12 Bảo Khánh, Phường Hoàn Kiếm, Thành phố Hà Nội"
        assert (answer.codes.ndas, answer.point) == (record.ndas, record.point)
        assert answer.codes.vpostcode is not None
        assert part(answer, "house_number") == part(answer, "commune") == "inferred"


def test_a_record_vouches_for_its_house(ga: Geoaddr) -> None:
    record = household(ga)
    answer = ga.validate("số 12 phố Bảo Khánh, Hoàn Kiếm, Hà Nội", code=record.ndas)
    assert said(answer) == ("accept", "accept", [])
    assert part(answer, "house_number") == part(answer, "street") == part(answer, "code") == "confirmed"


def test_another_house_than_that_of_the_code(ga: Geoaddr) -> None:
    record = household(ga)
    for line in ("14 Bảo Khánh, Phường Hoàn Kiếm, Hà Nội", "12 Hàng Bông, Phường Hoàn Kiếm, Hà Nội"):
        assert said(ga.validate(line, code=record.ndas)) == ("fix", "correct_code", ["code_house"])


def test_nobody_finds_out_a_house_number_by_trying(ga: Geoaddr) -> None:
    record = household(ga)
    tried = [
        ga.validate(f"{number} Bảo Khánh, Phường Hoàn Kiếm, Hà Nội", code=record.ndas, area_only=True)
        for number in (12, 14)
    ]
    assert said(tried[0]) == said(tried[1]) == ("accept", "accept", [])
    one, other = ([(each.name, each.status) for each in answer.components] for answer in tried)
    assert one == other
    alone = ga.validate(record.ndas, area_only=True)
    assert alone.commune is not None
    assert alone.point is None
    assert "Bảo Khánh" not in str(alone.to_dict())


def test_another_commune_than_that_of_the_code(ga: Geoaddr) -> None:
    record = household(ga)
    answer = ga.validate("12 Lê Lợi, Phường Bến Thành, Thành phố Hồ Chí Minh", code=record.ndas)
    assert said(answer) == ("fix", "correct_code", ["code_units"])
    assert answer.normalised.new is None


def test_a_code_that_nobody_confirmed_yet(ga: Geoaddr) -> None:
    record = household(ga, live=False)
    answer = ga.validate(LINE, code=record.ndas)
    assert said(answer) == ("confirm", "confirm_code", [])
    assert part(answer, "code") == "unconfirmed"


def test_a_retired_code_has_to_be_changed(ga: Geoaddr) -> None:
    record = household(ga)
    ga.retire(record.ndas)
    answer = ga.validate(record.ndas)
    assert said(answer) == ("fix", "correct_code", ["code_ended"])
    assert part(answer, "code") == "unexpected"


def test_a_replaced_code_is_shown_with_the_one_that_replaced_it(ga: Geoaddr) -> None:
    old, new, other = (household(ga, number) for number in ("12", "12A", "12B"))
    ga.supersede(old.ndas, [new.ndas])
    answer = ga.validate(old.ndas)
    assert said(answer) == ("confirm", "confirm_code", ["code_ended"])
    code = next(each for each in answer.components if each.name == "code")
    assert (code.status, code.value, code.given) == ("corrected", new.ndas, old.ndas)
    split = household(ga, "14")
    ga.supersede(split.ndas, [new.ndas, other.ndas])
    assert said(ga.validate(split.ndas)) == ("fix", "correct_code", ["code_ended"])


def test_a_mistyped_code_is_corrected(ga: Geoaddr) -> None:
    ndas = household(ga).ndas
    wrong = ndas[:9] + str((int(ndas[9]) + 1) % 10)
    assert said(ga.validate(wrong)) == ("fix", "correct_code", ["code_unknown"])


def test_a_street_that_is_known_here_and_one_that_is_known_elsewhere(ga: Geoaddr) -> None:
    household(ga)
    here = ga.validate("20 Bảo Khánh, Phường Hoàn Kiếm, Hà Nội")
    assert (here.verdict, part(here, "street")) == ("accept", "confirmed")
    elsewhere = ga.validate("20 Bảo Khánh, Phường Tây Hồ, Hà Nội")
    assert said(elsewhere) == ("confirm", "confirm_street", ["street"])
    assert part(elsewhere, "street") == "unconfirmed"
    assert "Phường Hoàn Kiếm" in elsewhere.contradictions[0].why["vi"]
    in_another_province = ga.validate("20 Bảo Khánh, Phường Bến Thành, Thành phố Hồ Chí Minh")
    assert said(in_another_province) == ("accept", "accept", [])


def test_a_street_without_a_commune_is_offered_where_it_is_known(ga: Geoaddr) -> None:
    household(ga)
    for line in ("20 Bảo Khánh, Hà Nội", "20 phố Bảo Khánh"):
        answer = ga.validate(line)
        assert said(answer) == ("fix", "choose_candidate", [])
        assert [(c.commune.code, c.weight, c.basis) for c in answer.candidates] == [("00070", 1.0, "known")]
        assert answer.commune is None
    assert ga.validate("20 Bảo Khánh, Thành phố Hồ Chí Minh").possible_next_action == "add_commune"


@pytest.fixture
def exact(ga: Geoaddr) -> Geoaddr:
    """The same cells, called exact: what verdicts make of that, not where borders are, is the question here."""
    ga.locator.info = replace(ga.locator.info, boundary_accuracy="exact")
    return ga


def test_exact_boundaries_order_a_correction(exact: Geoaddr) -> None:
    assert said(exact.validate(LINE, **AT)) == ("accept", "accept", [])
    assert said(exact.validate(LINE, lat=10.7, lon=106.7)) == ("fix", "correct_point", ["point"])
    assert said(exact.validate(LINE, lat=48.85, lon=2.35)) == ("fix", "correct_point", ["point_outside"])
    answer = exact.validate(LINE, lat=10.7, lon=106.7)
    assert part(answer, "point") == "unexpected"
    assert answer.codes.vpostcode is None


def test_a_point_at_the_border_is_let_pass(exact: Geoaddr) -> None:
    """Fifty metres beyond it, no further."""
    west, south, east, north = exact.locator.bounds_of("00070") or (0, 0, 0, 0)
    middle = (south + north) / 2
    steps = [west + (east - west) * n / 20_000 for n in range(20_000)]
    held = exact.locator.commune_codes_at
    first = next(lon for lon in steps if "00070" in held(Point(lat=middle, lon=lon)))
    metre = 1 / 103_900  # degrees of longitude at this latitude
    assert exact.validate(LINE, lat=middle, lon=first - 20 * metre).verdict == "accept"
    assert exact.validate(LINE, lat=middle, lon=first - 200 * metre).possible_next_action == "correct_point"


def test_a_point_decides_between_the_parts_of_a_split_commune(exact: Geoaddr) -> None:
    line = "57 Huỳnh Thúc Kháng, Phường Láng Hạ, Quận Đống Đa, Hà Nội"
    assert exact.validate(line).possible_next_action == "choose_candidate"
    west, south, east, north = exact.locator.bounds_of("00199") or (0, 0, 0, 0)
    for at in range(400):
        lat, lon = south + (north - south) * (at // 20) / 20, west + (east - west) * (at % 20) / 20
        if exact.locator.commune_codes_at(Point(lat=lat, lon=lon)) == ("00199",):
            break
    answer = exact.validate(line, lat=lat, lon=lon)
    assert answer.commune is not None
    assert (answer.verdict, answer.commune.code) == ("accept", "00199")
    assert part(answer, "commune") == "corrected"


IN_REGISTRY = """
line                                                 | house
12 Bảo Khánh, Phường Hoàn Kiếm, Hà Nội               | the house
số 12 pho Bao Khanh, P. Hoan Kiem, Ha Noi            | the house
14 Bảo Khánh, Phường Hoàn Kiếm, Hà Nội               |
12 Bảo Khang, Phường Hoàn Kiếm, Hà Nội               |
Bảo Khánh, Phường Hoàn Kiếm, Hà Nội                  |
12 Bảo Khánh, Hà Nội                                 |
"""


@pytest.mark.parametrize("live", [True, False])
@pytest.mark.parametrize("row", IN_REGISTRY.strip().splitlines()[1:])
def test_the_registry_vouches_for_the_house_that_a_line_names(ga: Geoaddr, row: str, live: bool) -> None:
    """Somebody has to have confirmed it; no verdict changes by it, and no one learns of it at area level."""
    line, known = (cell.strip() for cell in row.split("|"))
    record = household(ga, live=live)
    answer, unasked = ga.validate(line), ga.validator.validate(line)
    assert said(answer) == said(unasked)
    codes = [(each.value, each.given, each.status) for each in answer.components if each.name == "code"]
    assert codes == ([(record.ndas, None, "inferred")] if known else [])
    if known:
        assert part(answer, "house_number") == ("confirmed" if live else "unconfirmed")
        reason = next(each.why for each in answer.components if each.name == "house_number")
        assert reason["en"].startswith("the registry has this house")
        assert answer.codes.ndas is None
    told = ga.validate(line, area_only=True)
    assert record.ndas not in str(told.to_dict())
    assert "the registry has this house" not in str(told.to_dict())


def test_nothing_is_said_of_a_house_that_two_households_have(ga: Geoaddr) -> None:
    household(ga)
    ga.assign({"house_number": "12", "street": "Bảo Khánh", "commune": "00070"}, lat=21.0310, lon=105.8500)
    assert not [each for each in ga.validate(LINE).components if each.name == "code"]


def test_a_form_a_code_or_a_point_beside_it_is_judged_as_before(ga: Geoaddr) -> None:
    record = household(ga)
    for question in ({"text": LINE, "lat": 21.03, "lon": 105.85}, {"house_number": "12", "street": "Bảo Khánh",
                     "commune": "Hoàn Kiếm", "province": "Hà Nội"}):  # fmt: skip
        assert not [each for each in ga.validate(question).components if each.name == "code"]
    (code,) = [each for each in ga.validate(LINE, code=record.ndas).components if each.name == "code"]
    assert code.given == record.ndas
