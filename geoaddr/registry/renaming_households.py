"""The households of a street that has another name now: each is amended as one amendment would do it.

They are taken by code, a page of them in a transaction, so that nobody else waits long. A run that was broken off
leaves each household either with the old name or with the new one, and the same run again finds those that have
the old one still.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import NamedTuple

from geoaddr.errors import Conflict, FieldError, InvalidInput, Said
from geoaddr.known import on_street, street_key
from geoaddr.model import AddressRecord, Event
from geoaddr.registry.amending import Amendment, amended
from geoaddr.registry.drafts import Note
from geoaddr.registry.lifecycle import keep_all
from geoaddr.registry.renaming import NotRenamed, Renamed, Renaming, Written
from geoaddr.registry.street_names import is_name_alone
from geoaddr.store import ENDS, Reads, Store, Transaction
from geoaddr.text.accents import same_accents

PAGE = 100
"""Households of one transaction."""

TOLD_WRITTEN = 10
"""Ways to write the old name that an answer has."""

TOLD_REFUSED = 1000
"""Households that were not renamed and that an answer names; all are counted."""

_ALL = range(1, 2)
"""The events of a life from the first on."""


class Page(NamedTuple):
    """What became of some households: the codes of those that were renamed, what each had as its street, and the
    others."""

    renamed: list[str]
    written: list[str]
    refused: list[NotRenamed]


def rename(
    store: Store,
    told: Renaming,
    *,
    dry_run: bool,
    most: int | None,
    after: str | None,
    done: Callable[[Sequence[str]], None],
) -> Renamed:
    """Rename a street.

    :param most: look at so many households; at all by default. Where the caller may not change the last of them,
        at those behind it too, to one that may be told: its code is where to go on.
    :param after: look at those with higher codes only.
    :param done: called with the codes of every page that was renamed and committed.
    :raises InvalidInput: where no household has, or had, this street.
    """
    standing, unclear = _standing(store, told)
    waiting = [code for code in standing if after is None or code > after]
    looked_at = waiting if most is None else _first(store, told, waiting, most)
    remaining = len(waiting) - len(looked_at)
    already = None if remaining else _already(store, told)  # before this run adds its own
    if not standing and not already:
        raise InvalidInput("from", told.street, _nobody(told))
    renamed, refused, refusals, written = 0, 0, list[NotRenamed](), Counter[str]()
    for codes in _pages(looked_at):
        page = _page(store, told, codes, unclear, dry_run=dry_run)
        if page.renamed and not dry_run:
            done(page.renamed)
        renamed += len(page.renamed)
        written.update(page.written)
        refused += len(page.refused)
        refusals += page.refused[: TOLD_REFUSED - len(refusals)]
    return Renamed(
        commune=told.commune,
        street=told.name,
        renamed=renamed,
        written=tuple(Written(*each) for each in written.most_common(TOLD_WRITTEN)),
        already=already,
        refused=refused,
        refusals=tuple(refusals),
        remaining=remaining,
        after=looked_at[-1] if remaining else None,
        dry_run=dry_run,
    )


def _standing(reads: Reads, told: Renaming) -> tuple[list[str], frozenset[str]]:
    """Who stands on the street, by code, and of whom nobody can tell in which commune."""
    houses = reads.houses("street", told.before, told.territory.codes, told.numbers)
    held = {house.ndas: told.territory.holds(house) for house in houses}
    standing = sorted(code for code, there in held.items() if there is not False)
    return standing, frozenset(code for code, there in held.items() if there is None)


def _first(reads: Reads, told: Renaming, waiting: Sequence[str], most: int) -> Sequence[str]:
    for count in range(most, len(waiting)):
        last = waiting[count - 1]
        record = reads.records([last]).get(last)
        if record is None or told.allowed(record):
            return waiting[:count]
    return waiting


def _page(store: Store, told: Renaming, codes: Sequence[str], unclear: Collection[str], *, dry_run: bool) -> Page:
    now = told.note_now()

    def work(transaction: Transaction) -> Page:
        versions, page = _judged(transaction, told, codes, unclear, now)
        keep_all(transaction, versions)
        return page

    return _judged(store, told, codes, unclear, now)[1] if dry_run else store.write(work)


def _judged(
    reads: Reads, told: Renaming, codes: Sequence[str], unclear: Collection[str], now: Note
) -> tuple[list[tuple[AddressRecord, Event]], Page]:
    """The next versions of some households, as they stand now; none of those that moved on since."""
    records, versions, refused = reads.records(codes), [], []
    change = Amendment(components={"street": told.name})
    for record in (records[code] for code in codes if code in records):
        if record.status in ENDS or not _stands_there(record, told):
            continue
        try:
            _require_renamable(record, told, unclear)
            version = amended(record, change, "renamed", now)
        except FieldError as error:
            refused.append(NotRenamed(ndas=record.ndas, reason=error.reason._asdict()))
        else:
            if version is not None:
                versions.append(version)
    codes = [record.ndas for record, _ in versions]
    return versions, Page(codes, [records[code].components.street or "" for code in codes], refused)


def _stands_there(record: AddressRecord, told: Renaming) -> bool:
    there = on_street(record.components)
    return there is not None and there.street == told.before


def _require_renamable(record: AddressRecord, told: Renaming, unclear: Collection[str]) -> None:
    """:raises Conflict: for a household that a person has to amend."""
    written = record.components.street
    if not told.allowed(record):
        said = Said("lies in another province", "nằm ở tỉnh, thành phố khác")
    elif record.ndas in unclear:
        said = Said(
            "filed under a commune that was divided; nobody can tell in which part it lies",
            "thuộc xã, phường đã được chia; chưa rõ nằm ở phần nào",
        )
    elif written is None:
        said = Said(
            "kept as one line, of which the street is no part",
            "chỉ có địa chỉ viết một dòng, không tách riêng đường, phố",
        )
    elif not is_name_alone(written):
        said = Said("its street says more than the name", "phần đường, phố ghi nhiều hơn tên gọi")
    elif not same_accents(written, told.street):
        said = Said(
            "its street is written with other accents, or without: another street, or a slip; "
            "if it is this one, rename it by that name too",
            "tên đường, phố có dấu khác hoặc không dấu: đường khác, hoặc viết nhầm; "
            "nếu đúng là đường này thì đổi cả tên đó",
        )
    else:
        return
    raise Conflict("street", None, said)


def _already(reads: Reads, told: Renaming) -> int:
    """How many stand on the street of the new name that had the old one once, in any of its spellings."""
    houses = reads.houses("street", told.after, told.territory.codes, told.numbers)
    codes = [house.ndas for house in houses if told.territory.holds(house)]
    return sum(
        any(_left(event, told.before) for event in events)
        for some in _pages(codes)
        for _, events in reads.lives(dict.fromkeys(some, _ALL)).values()
    )


def _left(event: Event, street: str) -> bool:
    """Whether a household was on a street before an event, by its key, and has another one since."""
    written = event.details.get("before", {}).get("components", {}).get("street")
    return written is not None and street_key(written) == street


def _pages(codes: Sequence[str]) -> Iterator[Sequence[str]]:
    return (codes[at : at + PAGE] for at in range(0, len(codes), PAGE))


def _nobody(told: Renaming) -> Said:
    if told.numbers is None:
        return Said(
            f"no household of {told.commune} has this street",
            f"không hộ nào của {told.commune} thuộc đường, phố này",
        )
    first, last = told.numbers[0], told.numbers[-1]
    return Said(
        f"no household of {told.commune} has this street and a number from {first} to {last}",
        f"không hộ nào của {told.commune} thuộc đường, phố này với số nhà từ {first} đến {last}",
    )
