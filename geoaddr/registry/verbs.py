"""The verbs of the registry over a store."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geoaddr.codes import ndas as ndas_codes
from geoaddr.codes.issuing import Sequence as IssuingOrder
from geoaddr.errors import Conflict, InvalidInput, Said
from geoaddr.model import AddressRecord, Event, Point
from geoaddr.registry import lifecycle
from geoaddr.registry.drafts import Draft, Issued, checked, note
from geoaddr.registry.issuing import issue_drafts, proposal_of, record_of, twin_among, twin_as_line
from geoaddr.registry.life import Clock, Life
from geoaddr.registry.loading import KnownCommune, Loader, LoadError, LoadReport, LoadRow
from geoaddr.registry.nearness import near
from geoaddr.registry.receipts import answer_again, digest_of, receipts_of, replayed, require_key
from geoaddr.registry.reserving import reserve
from geoaddr.registry.street_life import StreetLife
from geoaddr.registry.streets import AsFiled, Present, communes_of
from geoaddr.store import AREA_CAPACITY, Lived, Problem, Reads, Receipt, Store, Transaction

if TYPE_CHECKING:
    import pyarrow as pa

    from geoaddr.registry.proving import AreaOf
    from geoaddr.registry.syncing import CheckUnits, DraftOf, StrayingOf, Synced

LOAD_CHUNK = 5000
BATCH_CHUNK = 65_536


def utc_now() -> dt.datetime:
    """The time, with its zone."""
    return dt.datetime.now(dt.UTC)


class Registry(Life, StreetLife):
    """Issues codes, finds records, and writes down what happens to them.

    Codes are taken in any spacing, with or without their check letter, and given as ten digits. Every change
    is one event in the record's history and one more in its ``version``. Safe to share between threads.

    :param clock: tells the time with its zone.
    :param present: tells what codes as filed mean today; by default those of before the last division of the
        country mean no commune of today.
    """

    def __init__(self, store: Store, *, clock: Clock = utc_now, present: Present | None = None) -> None:
        self.store = store
        self._present: Present = AsFiled() if present is None else present
        self._clock = clock
        self._order: tuple[bytes, IssuingOrder] | None = None

    def issue(
        self,
        draft: Draft,
        *,
        actor: str = "",
        reason: str = "",
        idempotency_key: str | None = None,
        request_digest: str | None = None,
    ) -> Issued:
        """Give a draft a code, or find the household's record: same components within 10 m.

        With an ``idempotency_key`` the same request (the same ``request_digest``; by default one of the
        draft) has the same outcome however often it comes, with the record as it is by then. Callers whose
        keys could meet put their own name in front.

        :raises InvalidInput: for a part that no record may hold.
        :raises AlreadyIssued: when the key stands for another request.
        :raises AreaExhausted: when the area's 100,000 codes are taken.
        """
        draft = checked(draft)
        told = note(actor, reason, self._clock())
        if idempotency_key is not None:
            require_key("idempotency_key", idempotency_key)
        digest = "" if idempotency_key is None else request_digest or digest_of(draft)
        request = None if idempotency_key is None else (idempotency_key, digest)
        if draft.stated is None or twin_as_line(self.store, draft) is None:
            done = self.store.issue(lambda: proposal_of(draft, told, request), self._codes)
            if isinstance(done, str):
                return Issued(record_of(draft, done, told), "created")
            if idempotency_key is None and (twin := twin_among(draft, done)) is not None:
                return Issued(twin, "existing")

        def work(transaction: Transaction) -> Issued:
            receipt = None if idempotency_key is None else transaction.receipt(idempotency_key)
            if receipt is not None:
                return answer_again(transaction, receipt, digest, "idempotency_key", idempotency_key)
            (answer,) = issue_drafts(transaction, [draft], self._order_of(transaction), told)
            if isinstance(answer, Conflict):
                raise answer
            if idempotency_key is not None:
                receipt = Receipt(answer.record.ndas, answer.outcome, digest)
                transaction.keep_receipts({idempotency_key: receipt})
            return answer

        return self.store.write(work)

    def reserve(self, area: str, count: int) -> list[str]:
        """Take codes out of an area's order for a team that works without a connection; all or none.

        They are never issued otherwise. A row of :meth:`sync` gives one to a household; what is not used stays
        reserved for good.

        :param area: the five digits that the codes begin with.
        :param count: 1 to 10,000.
        :raises InvalidInput: for no area, or a count out of range.
        :raises AreaExhausted: when the area has fewer left.
        """
        return self.store.write(lambda t: reserve(t, area, count, self._order_of(t)))

    def sync(
        self,
        rows: Iterable[LoadRow],
        draft_of: DraftOf,
        straying_of: StrayingOf | None = None,
        check: CheckUnits | None = None,
        *,
        actor: str = "",
    ) -> Iterator[Synced]:
        """Apply a postman's day, row by row: see :mod:`geoaddr.registry.syncing`.

        Each row is one transaction, kept with its id: a row that was applied is never applied again. Nothing is
        overwritten: what changed meanwhile, and codes of other households, are conflicts for a person.

        :param draft_of: makes the draft of a proposal, and what to warn about.
        :param straying_of: what to warn about when a record is given a point; by default nothing.
        :param check: refuses units that an amendment states; by default none.
        :param actor: who it was, for rows that do not say.
        """
        from geoaddr.registry.syncing import Syncer  # most registries are never synced

        told_of = straying_of or (lambda before, point: ())
        checked_by = check or (lambda stated, before, point: None)
        return Syncer(self.store, self._order_of, draft_of, told_of, checked_by, self._clock, actor).sync(rows)

    def answered(self, idempotency_key: str, request_digest: str) -> Issued | None:
        """What :meth:`issue` answered to this key before, with the record as it is by now; ``None`` for a new key.

        :raises InvalidInput: for a key that cannot be one.
        :raises AlreadyIssued: when the key stands for another request.
        """
        require_key("idempotency_key", idempotency_key)
        receipt = self.store.receipt(idempotency_key)
        if receipt is None:
            return None
        return answer_again(self.store, receipt, request_digest, "idempotency_key", idempotency_key)

    def issue_many(
        self,
        rows: Sequence[tuple[str | None, Draft]],
        *,
        batch_id: str | None = None,
        actor: str = "",
        reason: str = "",
    ) -> list[Issued | Conflict]:
        """Issue for many drafts in one transaction: all of it outlives a crash, or nothing of it.

        Each draft comes with its row's identity. Within a ``batch_id`` a row that was answered before gets
        the same code and outcome again, so that a run that was killed can simply be repeated.

        :returns: an answer for each row, in their order. A row that cannot be issued has its error there
            (:class:`~geoaddr.errors.AreaExhausted`, or :class:`~geoaddr.errors.AlreadyIssued` for a row
            that was another draft before), and the others are issued.
        :raises InvalidInput: for a draft with a part that no record may hold; nothing is then issued.
        """
        drafts = [(row_id, checked(draft)) for row_id, draft in rows]
        digests = [digest_of(draft) for _, draft in drafts]
        told = note(actor, reason, self._clock())
        row_ids = [row_id for row_id, _ in drafts if row_id is not None] if batch_id is not None else []
        for row_id in row_ids:
            require_key("row_id", row_id)
        if len(set(row_ids)) != len(row_ids):
            raise InvalidInput("row_id", batch_id, Said("a row comes twice", "một dòng xuất hiện hai lần"))

        def work(transaction: Transaction) -> list[Issued | Conflict]:
            before = transaction.batch_receipts(batch_id, row_ids) if batch_id is not None and row_ids else {}
            known = transaction.records([receipt.ndas for receipt in before.values()])
            new = [i for i, (row_id, _) in enumerate(drafts) if row_id not in before]
            made = issue_drafts(transaction, [drafts[i][1] for i in new], self._order_of(transaction), told)
            answers: dict[int, Issued | Conflict] = dict(zip(new, made, strict=True))
            if batch_id is not None:
                transaction.keep_batch_receipts(batch_id, receipts_of(drafts, digests, answers))
            for i, (row_id, _) in enumerate(drafts):
                if row_id in before:
                    answers[i] = replayed(known, before[row_id], digests[i], row_id)
            return [answers[i] for i in range(len(drafts))]

        return self.store.write(work)

    def find(self, ndas: str) -> AddressRecord | None:
        """The record of a code, of any status; ``None`` when it was never issued.

        :raises InvalidCode: for what is not an NDAS code.
        """
        code = ndas_codes.validate(ndas)
        return self.store.records([code]).get(code)

    def find_with_history(self, ndas: str) -> tuple[AddressRecord, tuple[Event, ...]] | None:
        """:meth:`find` with the record's events from the first on."""
        return self.store.life(ndas_codes.validate(ndas))

    def lives(self, wanted: Mapping[str, range]) -> dict[str, Lived]:
        """:meth:`find_with_history` of many codes of the registry, as :meth:`geoaddr.store.Reads.lives` says."""
        return self.store.lives(wanted)

    def get(self, ndas: str) -> AddressRecord:
        """The record of a code, of any status.

        :raises InvalidCode: for what is not an NDAS code.
        :raises UnknownAddress: when it was never issued.
        """
        return lifecycle.require(self.store, ndas_codes.validate(ndas))

    def find_many(self, codes: Sequence[str]) -> list[AddressRecord | None]:
        """For each code its record or ``None``, in the order of ``codes``.

        :raises InvalidCode: for the first that is not an NDAS code.
        """
        compact = [ndas_codes.validate(code) for code in codes]
        found = self.store.records(compact)
        return [found.get(code) for code in compact]

    def issued(self, codes: Iterable[str]) -> set[str]:
        """Which of ``codes`` (ten digits each) are taken, whoever issued them."""
        return self.store.issued(codes)

    def near(
        self, *, lat: float, lon: float, radius_m: float = 100.0, limit: int = 10
    ) -> list[tuple[AddressRecord, float]]:
        """Standing addresses within ``radius_m`` (at most 50 km) with their distances in metres.

        By (distance, code). Distances are great circles on a sphere of the mean radius (haversine).

        :raises InvalidPoint, InvalidInput: for a point, radius or limit out of range.
        """
        return near(self.store, Point(lat=lat, lon=lon), radius_m=radius_m, limit=limit)

    def communes_of(
        self,
        street: str,
        *,
        communes: Sequence[str] | None = None,
        house_number: str | None = None,
        minimum: int = 1,
    ) -> Mapping[str, int]:
        """How many verified or live addresses on a street each commune of today has, most first: the registry is a
        :class:`~geoaddr.known.KnownStreets`.

        An address counts where it was filed, whatever its point says by now; one filed under a commune of an
        earlier division where all of that commune went, and nowhere when it was split. Neighbours of a number
        are the five nearest on its side of the street, with all that are as far, at most forty numbers away;
        name ``communes``, or streets of one name in all the country have neighbours together.
        """
        return communes_of(
            self.store,
            street,
            communes=communes,
            house_number=house_number,
            minimum=minimum,
            present=self._present,
        )

    def replacements(self, ndas: str) -> list[AddressRecord]:
        """What stands for a code now: the ends of its chains of replacement, or its own record.

        :raises UnknownAddress: when it was never issued.
        """
        return lifecycle.replacements(self.store, ndas_codes.validate(ndas))

    def load(
        self,
        rows: Iterable[LoadRow],
        *,
        actor: str = "",
        reason: str = "",
        chunk: int = LOAD_CHUNK,
        on_error: Callable[[LoadError], None] | None = None,
        known: KnownCommune | None = None,
    ) -> LoadReport:
        """Bring in existing records with their codes (columns: ``docs/reference/registry-load.md``).

        Rows are kept ``chunk`` at a time, each chunk whole or not at all; a row that cannot be kept is
        reported and the others go on. A record that is there already, as the row has it or moved on since, is
        left alone, so a load can simply be repeated. Rows are not compared with their neighbours: existing
        records stand as they are.

        :param on_error: called with every refused row, by row number within a chunk.
        :param known: commune code and day to whether there was such a commune; with it, others are refused.
        """
        return Loader(self.store, note(actor, reason, self._clock()), chunk, on_error, known).load(rows)

    def load_batches(
        self,
        batches: Iterable[pa.RecordBatch],
        *,
        actor: str = "",
        reason: str = "",
        chunk: int = BATCH_CHUNK,
        on_error: Callable[[LoadError], None] | None = None,
        known: KnownCommune | None = None,
    ) -> LoadReport:
        """:meth:`load` by the column: batches of Arrow whose columns are those of the rows.

        Into a registry without records all go together, where the engine can do that, and not ``chunk`` by chunk:
        a load that ends early has then loaded nothing.
        """
        from geoaddr.registry.column_loading import ColumnLoader  # it loads Arrow

        told = note(actor, reason, self._clock())
        return ColumnLoader(self.store, told, chunk, on_error, known).load_batches(batches)

    def exists(self) -> bool:
        """Whether the registry was made; one that was not reads as empty, and the first code makes it.

        :raises SchemaMismatch: for a file that is something else.
        """
        return self.store.exists()

    def stats(self) -> dict[str, Any]:
        """Totals: addresses, by status, events, aliases; the areas that issued, and the fullest of them."""
        positions = self.store.positions()
        fullest = sorted(positions.items(), key=lambda item: (-item[1], item[0]))[:5]
        return {
            "engine": self.store.engine,
            **self.store.counts(),
            "areas": len(positions),
            "areas_exhausted": sum(position >= AREA_CAPACITY for position in positions.values()),
            "fullest_areas": [{"area": area, "position": position} for area, position in fullest],
        }

    def export(self) -> Iterator[AddressRecord]:
        """Every record, of any status, by code ascending, all of one state. The issuing key is not in it."""
        return (scanned.record for scanned in self.store.scan(history=False))

    def backup(self, path: str | os.PathLike[str], *, overwrite: bool = False) -> None:
        """Write a complete copy with its history and issuing key, while others read and write.

        :raises StoreUnavailable: no registry yet, a target that exists, or a store with nothing to copy.
        """
        self.store.backup(path, overwrite=overwrite)

    def verify(self, area_of: AreaOf | None = None) -> list[Problem]:
        """All that is wrong with the registry; empty for a sound one.

        Looked at: the engine's storage and indexes, codes once each, likeness and streets as the rules say,
        histories without gaps that lead to the present status, codes of the area's issuing order, successors
        that exist and run in no circle.

        :param area_of: commune code and day to postcode; with it, area codes are compared with communes.
        """
        from geoaddr.registry.verifying import problems  # works on columns, which a lookup does without

        return list(problems(self.store, self._order_of(self.store), area_of))

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()

    def _codes(self, reads: Reads, area: str, start: int, count: int) -> list[int]:
        first = int(area) * AREA_CAPACITY
        return [first + number for number in self._order_of(reads).numbers(area, start, count)]

    def _order_of(self, reads: Reads) -> IssuingOrder:
        key = reads.key()
        if self._order is None or self._order[0] != key:
            self._order = key, IssuingOrder(key)
        return self._order[1]
