"""Codes for drafts: the household's own where it has one, else the next free code of its area."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from geoaddr.codes.issuing import Sequence as IssuingOrder
from geoaddr.errors import AreaExhausted, Said
from geoaddr.model import AddressRecord, Event
from geoaddr.registry.drafts import Draft, Issued, Note
from geoaddr.registry.likeness import distance_m, likeness, neighbourhood, same_household
from geoaddr.registry.streets import entry
from geoaddr.store import AREA_CAPACITY, Like, Proposal, Reads, Transaction

_LARGEST_BLOCK = 1024


def issue_drafts(
    transaction: Transaction, drafts: Sequence[Draft], order: IssuingOrder, note: Note
) -> list[Issued | AreaExhausted]:
    """An answer for each draft, in their order; a draft whose area has no code left gets its error.

    Drafts see those before them: the second of two that are one household finds the first.
    """
    numbers = [likeness(draft.components) for draft in drafts]
    boxes = [neighbourhood(draft.point) for draft in drafts]
    kept = transaction.alike(list(map(Like, numbers, boxes)))
    as_lines = _kept_as_lines(transaction, drafts)
    dispenser = Dispenser(transaction, order, Counter(draft.area_code for draft in drafts))
    made: dict[tuple[int, int], list[AddressRecord]] = defaultdict(list)
    answers: list[Issued | AreaExhausted] = []
    for number, draft, box, alike in zip(numbers, drafts, boxes, kept, strict=True):
        rows = {_row(box.south), _row(box.north)}
        here = [*alike, *(record for row in rows for record in made.get((number, row), ()))]
        twin = twin_among(draft, here) or as_lines.get(id(draft))
        if twin is not None:
            answers.append(Issued(twin, "existing"))
        elif (code := dispenser.next_code(draft.area_code)) is None:
            answers.append(_exhausted(draft.area_code))
        else:
            record = record_of(draft, code, note)
            made[number, _row(draft.point.lat)].append(record)
            answers.append(Issued(record, "created"))
    transaction.insert([entry(record, number) for (number, _), records in made.items() for record in records])
    transaction.append([first_event("issued", record, note) for records in made.values() for record in records])
    dispenser.settle()
    return answers


def proposal_of(draft: Draft, note: Note, request: tuple[str, str] | None) -> Proposal:
    """What is to be kept of a draft that is nobody's twin, under a code that is yet to be dealt."""
    record = record_of(draft, f"{draft.area_code}00000", note)
    told = first_event("issued", record, note)
    return Proposal(entry(record), told, neighbourhood(draft.point), draft.area_code, request)


def _row(lat: float) -> int:
    """Records of one transaction are looked through by rows of 111 m: drafts that state nothing are all alike."""
    return int((lat + 90.0) * 1000.0)


def first_event(kind: str, record: AddressRecord, note: Note) -> Event:
    """The beginning of a history."""
    told = {"to": record.status, "evidence": note.evidence} if note.evidence else {"to": record.status}
    return Event(record.ndas, 1, kind, note.at, note.actor, note.reason, told)


def twin_of(transaction: Transaction, draft: Draft) -> AddressRecord | None:
    """The record that the household of a draft has already."""
    like = Like(likeness(draft.components), neighbourhood(draft.point))
    return twin_among(draft, transaction.alike([like])[0]) or twin_as_line(transaction, draft)


def twin_as_line(reads: Reads, draft: Draft) -> AddressRecord | None:
    """The record that the household of a draft has under the line as it was stated: one that was kept whole,
    since whoever issued it took no lines apart, or had data by which it was not understood."""
    return _kept_as_lines(reads, [draft]).get(id(draft))


def _kept_as_lines(reads: Reads, drafts: Sequence[Draft]) -> dict[int, AddressRecord]:
    """The same for many drafts, by the identity of each that has one."""
    told = [(draft, replace(draft, components=draft.stated)) for draft in drafts if draft.stated is not None]
    if not told:
        return {}
    wanted = [Like(likeness(line.components), neighbourhood(line.point)) for _, line in told]
    twins = zip(told, reads.alike(wanted), strict=True)
    return {id(draft): twin for (draft, line), alike in twins if (twin := twin_among(line, alike)) is not None}


def twin_among(draft: Draft, alike: Sequence[AddressRecord]) -> AddressRecord | None:
    """The household's own record, the nearest where several fit, then the one with the smaller code."""
    fitting = [r for r in alike if same_household(r, draft.components, draft.point)]
    return min(fitting, key=lambda record: (distance_m(record, draft.point), record.ndas), default=None)


class Dispenser:
    """Hands out the free codes of areas in their issuing order, asking the store for blocks of them.

    :param wanted: how many codes each area may be asked for; a guess, not a limit.
    """

    def __init__(self, transaction: Transaction, order: IssuingOrder, wanted: Counter[str]) -> None:
        self._transaction = transaction
        self._order = order
        self._positions = transaction.lock_areas(wanted)
        self._free = {area: self._free_codes(area, wanted[area]) for area in wanted}
        self._moved: dict[str, int] = {}

    def next_code(self, area: str) -> str | None:
        """The next free code of ``area``; ``None`` when there is none."""
        position, code = next(self._free[area], (AREA_CAPACITY - 1, None))
        self._moved[area] = position + 1
        return code

    def settle(self) -> None:
        """Write down how far each area has come."""
        self._transaction.set_positions(self._moved)

    def _free_codes(self, area: str, wanted: int) -> Iterator[tuple[int, str]]:
        start, size = self._positions[area], min(wanted, _LARGEST_BLOCK)
        while start < AREA_CAPACITY:
            end = min(start + size, AREA_CAPACITY)
            extensions = self._order.extensions(area, start, end - start)
            block = [(start + i, area + extension) for i, extension in enumerate(extensions)]
            taken = self._transaction.issued(code for _, code in block)
            yield from ((position, code) for position, code in block if code not in taken)
            start, size = end, min(size * 4, _LARGEST_BLOCK)


def record_of(draft: Draft, code: str, note: Note) -> AddressRecord:
    """The first version of a record."""
    return AddressRecord(
        ndas=code,
        status=draft.status,
        components=draft.components,
        commune_code=draft.commune_code,
        issued_on=draft.issued_on,
        point=draft.point,
        point_source=draft.point_source,
        uncertainty_m=draft.uncertainty_m,
        entrances=tuple(draft.entrances),
        aliases=tuple(draft.aliases),
        created_at=note.at,
        updated_at=note.at,
    )


def _exhausted(area: str) -> AreaExhausted:
    return AreaExhausted(
        "area_code",
        area,
        Said(
            f"all {AREA_CAPACITY:,} codes of the area are taken",
            f"cả {AREA_CAPACITY:,} mã của khu vực đã được cấp",
        ),
    )
