"""Whatever is asked of two registries in whatever order, each engine answers as the in-memory judge."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from geoaddr.errors import GeoaddrError
from geoaddr.model import AddressRecord, Alias, Components, Point
from geoaddr.registry import Draft, LoadRow, Registry
from geoaddr.registry.erasing import tombstone
from geoaddr.registry.past import taken_back
from geoaddr.store import AREA_CAPACITY, Kind
from geoaddr.stores import open_store
from tests.pieces import told_in_pieces, told_in_scan
from tests.postgres_server import Server

KEY = bytes(range(32))

AREAS = st.sampled_from(["11120", "00001"])
COMMUNES = st.sampled_from(["00004", "00008"])
STREETS = st.sampled_from(["Quán Thánh", "quan thanh", "Thụy Khuê", "hẻm 7 đường 3/2", "3 tháng 2", None])
HOUSES = st.sampled_from(["1", "2", "1/2", "1-2", "3", "41", "43B", "B5", None])
HAMLETS = st.sampled_from([None, None, "Tổ 3", "Tổ 03", "Thôn 3"])
DAYS = st.sampled_from([None, dt.date(2026, 1, 1), dt.date(2026, 5, 1)])
METRES = st.integers(0, 40).map(lambda steps: steps * 3e-5)
"""Northward steps of 3.3 m, so that households are now within and now beyond the 10 m of one place."""

ALIASES = st.builds(
    lambda system, number, start: Alias(system, str(number), start, None),
    st.sampled_from(["parcel", "location_id"]), st.integers(0, 3), DAYS,
)  # fmt: skip
DRAFTS = st.builds(
    lambda area, commune, number, street, flat, hamlet, north, aliases, status: Draft(
        components=Components(house_number=number, street=street, unit=flat, hamlet=hamlet),
        area_code=area, commune_code=commune, point=Point(lat=21.0368 + north, lon=105.8346),
        issued_on=dt.date(2026, 3, 1), aliases=tuple(aliases), status=status,
    ),
    AREAS, COMMUNES, HOUSES, STREETS, st.sampled_from([None, "25 - 06"]), HAMLETS, METRES,
    st.lists(ALIASES, max_size=2), st.sampled_from(["proposed", "live", "retired"]),
)  # fmt: skip


class Clock:
    """Goes forward and, sometimes, backward."""

    def __init__(self) -> None:
        self.tick = 0

    def __call__(self) -> dt.datetime:
        self.tick += 1
        return dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=self.tick * 7 % 50)


def outcome(verb: Any, registry: Registry) -> Any:
    """The answer, or what was said instead."""
    try:
        return verb(registry)
    except GeoaddrError as error:
        return type(error).__name__, getattr(error, "field", None), error.message("en"), error.message("vi")


SAME_STREET = {
    "Quán Thánh": {"Quán Thánh", "quan thanh"},
    "quan thanh": {"Quán Thánh", "quan thanh"},
    "Thụy Khuê": {"Thụy Khuê"},
    "hẻm 7 đường 3/2": {"hẻm 7 đường 3/2", "3 tháng 2"},
    "3 tháng 2": {"hẻm 7 đường 3/2", "3 tháng 2"},
}
AT_THE_STREET = {"1": 1, "2": 2, "1/2": 1, "1-2": 1, "3": 3, "41": 41, "43B": 43, "B5": None, None: None}


def counted(
    registry: Registry, street: str, communes: list[str] | None, house: str | None, minimum: int
) -> dict[str, int]:
    """The answer by looking at every exported record of today's communes."""
    standing = [
        (
            record.commune_code,
            7 if "hẻm" in street_of else AT_THE_STREET[number] if number in AT_THE_STREET else int(number),
        )
        for record in registry.export()
        if record.status in ("verified", "live") and record.issued_on >= dt.date(2025, 7, 1)
        for number, street_of in [(record.components.house_number, record.components.street or "")]
        if street_of in SAME_STREET[street] and (communes is None or record.commune_code in communes)
    ]
    asked = 7 if "hẻm" in street else AT_THE_STREET[house]
    away = sorted(
        abs(number - asked)
        for _, number in standing
        if None not in (asked, number) and (number - asked) % 2 == 0 and abs(number - asked) <= 40
    )
    if away:
        farthest = away[min(len(away), 5) - 1]
        near = Counter(
            commune
            for commune, number in standing
            if number is not None and (number - asked) % 2 == 0 and abs(number - asked) <= farthest
        )
        if told := {commune: n for commune, n in near.items() if n >= minimum}:
            return told
    whole = Counter(commune for commune, _ in standing)
    return {commune: n for commune, n in whole.items() if n >= minimum}


class TwoEngines(RuleBasedStateMachine):
    codes = Bundle("codes")

    def __init__(self, url: str) -> None:
        super().__init__()
        self.judge = Registry(open_store("memory:", key=KEY), clock=Clock())
        self.judged = Registry(open_store(url, key=KEY), clock=Clock())
        self.lived: dict[tuple[str, int], AddressRecord] = {}
        """Every version of every record that was seen when it was the present one."""

    def both(self, verb: Any) -> Any:
        expected = outcome(verb, self.judge)
        assert outcome(verb, self.judged) == expected
        return expected

    @rule(target=codes, draft=DRAFTS, key=st.sampled_from([None, None, "k1", "k2"]))
    def issue(self, draft: Draft, key: str | None) -> Any:
        answer = self.both(lambda r: r.issue(draft, actor="a", idempotency_key=key))
        return multiple() if isinstance(answer, tuple) else answer.record.ndas

    @rule(target=codes, drafts=st.lists(DRAFTS, max_size=5), batch=st.sampled_from([None, "b1", "b2"]))
    def issue_many(self, drafts: list[Draft], batch: str | None) -> Any:
        def verb(registry: Registry) -> Any:
            rows = [(str(i), draft) for i, draft in enumerate(drafts)]
            answers = registry.issue_many(rows, batch_id=batch)
            return [a.message("en") if isinstance(a, GeoaddrError) else a for a in answers]

        answers = self.both(verb)
        issued = answers if isinstance(answers, list) else []
        return multiple(*(a.record.ndas for a in issued if not isinstance(a, str)))

    @rule(
        target=codes, extensions=st.lists(st.integers(0, 20), max_size=4), area=AREAS, by=codes, street=STREETS,
        day=st.sampled_from(["2025-06-30", "2025-09-01"]),
    )  # fmt: skip
    def load(self, extensions: list[int], area: str, by: str, street: str | None, day: str) -> Any:
        rows = [
            LoadRow(n, {
                "ndas": f"{area}{extension:05}", "lat": "21.0368", "lon": "105.8346", "commune_code": "00004",
                "issued_on": day, "house_number": str(n), "street": street,
                **({"status": "superseded", "superseded_by": by} if extension % 7 == 3 else {}),
            })
            for n, extension in enumerate(extensions, 1)
        ]  # fmt: skip
        self.both(lambda r: r.load(rows, chunk=2))
        return multiple(*sorted(self.judge.issued(row.values["ndas"] for row in rows)))

    @rule(area=AREAS, left=st.integers(1, 3))
    def nearly_exhaust(self, area: str, left: int) -> None:
        self.both(lambda r: r.store.write(lambda t: t.set_positions({area: AREA_CAPACITY - left})))

    @rule(code=codes, expected=st.sampled_from([None, None, 1, 2]))
    def confirm(self, code: str, expected: int | None) -> None:
        self.both(lambda r: r.confirm(code, reason="seen", round=1, expected_version=expected))

    @rule(code=consumes(codes), expected=st.sampled_from([None, 1]))
    def retire(self, code: str, expected: int | None) -> None:
        self.both(lambda r: r.retire(code, expected_version=expected))

    @rule(code=codes, by=st.lists(codes, max_size=3))
    def supersede(self, code: str, by: list[str]) -> None:
        self.both(lambda r: r.supersede(code, by))
        self.both(lambda r: r.replacements(code))

    @rule(
        code=codes, outcome=st.sampled_from(["agrees", "agrees", "differs"]), evidence=st.sampled_from(["", "p1"])
    )
    def visit(self, code: str, outcome: str, evidence: str) -> None:
        self.both(lambda r: r.visit(code, outcome, evidence=evidence))

    @rule(
        code=codes, number=HOUSES, street=STREETS, north=st.one_of(st.none(), METRES),
        cause=st.sampled_from(["moved", "renamed", "renumbered"]),
    )  # fmt: skip
    def amend(self, code: str, number: str | None, street: str | None, north: float | None, cause: str) -> None:
        point = {} if north is None else {"lat": 21.0368 + north, "lon": 105.8346}
        self.both(lambda r: r.amend(code, {"house_number": number, "street": street}, cause=cause, **point))
        self.both(lambda r: r.formerly({"house_number": number, "street": street}))

    @rule(gone=st.lists(codes, min_size=1, max_size=3), into=codes, verb=st.sampled_from(["merge", "demolish"]))
    def end_several(self, gone: list[str], into: str, verb: str) -> None:
        self.both(lambda r: r.merge(gone, into) if verb == "merge" else r.demolish(gone))

    @rule(code=codes, second=st.integers(0, 50))
    def as_of(self, code: str, second: int) -> None:
        when = dt.datetime(2026, 3, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)
        self.both(lambda r: r.as_of(code, when))

    @rule(code=codes, expected=st.sampled_from([None, None, None, 1]))
    def erase(self, code: str, expected: int | None) -> None:
        self.both(lambda r: r.erase(code, reason="asked for", expected_version=expected))

    @rule(since=st.one_of(st.integers(0, 60).map(str), st.just("2026-03-01T00:00:20Z")), limit=st.integers(1, 9))
    def changes(self, since: str, limit: int) -> None:
        self.both(lambda r: r.changes(since, limit=limit))

    @rule(code=codes, alias=ALIASES)
    def add_alias(self, code: str, alias: Alias) -> None:
        self.both(lambda r: r.add_alias(code, alias))

    @rule(codes_asked=st.lists(codes, max_size=4), other=st.from_regex(r"11120\d{5}", fullmatch=True))
    def find(self, codes_asked: list[str], other: str) -> None:
        self.both(lambda r: r.find_many([*codes_asked, other]))
        self.both(lambda r: r.history(other))
        self.both(lambda r: r.issued([*codes_asked, other]))

    @rule(alias=ALIASES, on=DAYS)
    def find_by_alias(self, alias: Alias, on: dt.date | None) -> None:
        self.both(lambda r: r.find_by_alias(alias.system, alias.code, on=on))

    @rule(north=METRES, radius_m=st.sampled_from([3.0, 30.0, 900.0]), limit=st.integers(1, 4))
    def near(self, north: float, radius_m: float, limit: int) -> None:
        self.both(lambda r: r.near(lat=21.0368 + north, lon=105.8346, radius_m=radius_m, limit=limit))

    @rule(
        street=STREETS.filter(bool), number=HOUSES, minimum=st.integers(1, 3),
        communes=st.sampled_from([None, ["00004"], ["00004", "00008"], ["99999"], []]),
    )  # fmt: skip
    def communes_of(self, street: str, number: str | None, minimum: int, communes: list[str] | None) -> None:
        told = self.both(lambda r: r.communes_of(street, communes=communes, house_number=number, minimum=minimum))
        assert told == counted(self.judge, street, communes, number, minimum)

    @rule(
        kind=st.sampled_from(["street", "place"]),
        begin=st.sampled_from(["", "quan", "quan thanh", "t", "3/2", "thon"]),
        communes=st.sampled_from([None, ["00004"], ["00004", "00008"], []]), limit=st.sampled_from([None, 1, 3]),
        numbers=st.sampled_from([None, range(1, 44), range(1, 8, 2), range(3, 3)]),
    )  # fmt: skip
    def names(
        self, kind: Kind, begin: str, communes: list[str] | None, limit: int | None, numbers: range | None
    ) -> None:
        found = self.both(lambda r: r.store.names(kind, begin, communes, limit))
        for name in found:
            asked = (kind, name.key, [name.filed.commune])
            houses = self.both(lambda r, asked=asked: sorted(r.store.houses(*asked)))
            assert sum(house.filed == name.filed for house in houses) == name.standing
            self.both(lambda r, asked=asked: sorted(r.store.houses(*asked, numbers)))

    @invariant()
    def hold_the_same(self) -> None:
        records = self.both(lambda r: list(r.export()))
        assert [r.ndas for r in records] == sorted({r.ndas for r in records})
        for record in records:
            self.lived.setdefault((record.ndas, record.version), record)

    def read_the_past(self) -> None:
        """Histories tell every state that was once the present one; of erased addresses they tell none."""
        for record, _, events, _ in self.judged.store.scan():
            erased = record.status == "withdrawn"
            for event, earlier in zip(reversed(events[1:]), reversed(events[:-1]), strict=True):
                record = taken_back(record, event, earlier.at)
                then = self.lived.get((record.ndas, record.version), record)
                assert record == (replace(tombstone(then), status=then.status) if erased else then)

    def teardown(self) -> None:
        self.both(lambda r: list(r.store.scan()))
        for registry in (self.judge, self.judged):
            assert told_in_pieces(registry.store) == told_in_scan(registry.store)
        self.both(lambda r: {**r.stats(), "engine": "", "schema": 0})
        assert self.both(lambda r: r.verify()) == []
        self.read_the_past()
        self.judged.close()


@pytest.mark.parametrize(("engine", "examples"), [("sqlite", 15), ("postgresql", 8)])
def test_each_engine_answers_as_the_judge(
    engine: str, examples: int, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    numbers = count()

    def new_url() -> str:
        if engine == "sqlite":
            return f"sqlite:///{tmp_path / f'{next(numbers)}.db'}"
        server: Server = request.getfixturevalue("postgres")
        return server.emptied(KEY)

    run_state_machine_as_test(
        lambda: TwoEngines(new_url()),
        settings=settings(max_examples=examples, stateful_step_count=30, deadline=None),
    )
