"""All that is known of one question, and what state each piece of evidence is in beside the place."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from geoaddr.conversion import Candidate
from geoaddr.interpretation import Interpretation, UnitMatch
from geoaddr.interpretation.costs import MISSING_ACCENT
from geoaddr.interpretation.detail import Detail
from geoaddr.interpretation.detail_print import levels
from geoaddr.known import street_key
from geoaddr.model import Components, Level, Unit
from geoaddr.profiles.vn import FORMER_POSTCODE_WIDTH
from geoaddr.text.fold import fold
from geoaddr.validation.doubts import doubtful
from geoaddr.validation.evidence import CodeFound, PointFound, PostcodeFound
from geoaddr.validation.fields import Asked
from geoaddr.validation.household import Household
from geoaddr.validation.leftovers import Leftover
from geoaddr.validation.place import Place
from geoaddr.validation.understanding import Understood, meets

CodeState = Literal[
    "right", "proposed", "elsewhere", "house", "unissued", "nowhere", "refused", "retired", "superseded", "wide"
]  # fmt: skip
PostcodeState = Literal["right", "former", "elsewhere", "other_province", "malformed", "unchecked"]
PointState = Literal["inside", "near", "elsewhere", "outside", "unchecked"]
Door = Literal["door", "place", "none"]

RURAL_TYPES = frozenset({"Xã", "Đặc khu"})
"""Communes in which houses are found by their hamlet, number or not."""
TOWN_TYPES = frozenset({"Phường", "Thị trấn"})
"""Those in which they are not; one of before the reform that is written tells more than the commune of today."""


@dataclass(frozen=True, kw_only=True)
class Case:
    """One question, understood. ``streets``: where its street is known, as ``Streets`` found it; ``exact``:
    whether boundaries are; ``old``: the communes that it was in before the reform; ``household``: the one of the
    registry that a line of text names, where it was looked for."""

    asked: Asked
    understood: Understood
    detail: Detail
    place: Place
    leftovers: tuple[Leftover, ...]
    codes: tuple[CodeFound, ...]
    point: PointFound | None
    postcode: PostcodeFound | None
    right_postcode: str | None
    old: tuple[Candidate, ...]
    foreign: bool
    exact: bool
    sides_agree: bool
    street_here: bool = False
    street_elsewhere: tuple[Unit, ...] = ()
    household: Household | None = None

    @property
    def reading(self) -> Interpretation | None:
        """The reading that leads to the place."""
        return self.place.reading

    def match(self, level: Level) -> UnitMatch | None:
        """The unit of a level that was written, as the reading takes it."""
        matches = self.reading.matches if self.reading else ()
        return next((match for match in matches if match.span and match.unit.level == level), None)

    def written(self, match: UnitMatch) -> str:
        """How a unit was given: as its field states it, else as it stands in the line."""
        if match.span is None:
            return ""
        fields = (field.written for field in self.understood.stated if meets(match.span, field.span))
        return next(fields, self.understood.line[slice(*match.span)])

    @property
    def record(self) -> Components | None:
        """The components of the record behind a code that was given."""
        found = (code.reading.address for code in self.codes if code.reading and code.reading.address)
        return next((address.components for address in found), None)

    def code_state(self, code: CodeFound) -> CodeState:
        """What to think of a code beside the rest."""
        reading = code.reading
        if reading is None:
            return "nowhere" if code.refused is None else "refused"
        if reading.status in ("retired", "withdrawn"):
            return "retired"
        if not code.issued:  # its area is a label of the time of issue, and tells nothing of today
            return "unissued"
        communes = {candidate.commune.code for candidate in self.place.candidates}
        if self.place.named and code.communes and code.communes.isdisjoint(communes):
            return "elsewhere"
        if reading.province and self.place.province and reading.province.code != self.place.province.code:
            return "elsewhere"
        if reading.address is not None and self.house_differs(reading.address.components):
            return "house"
        if reading.status == "superseded":
            return "superseded"
        if reading.status == "proposed":
            return "proposed"
        return "right" if code.communes else "wide"

    def roughly_elsewhere(self, code: CodeFound) -> bool:
        """Whether only approximate cells say that a code lies in another commune of the province."""
        reading, province = code.reading, self.place.province
        if self.exact or not code.by_cells or reading is None or self.code_state(code) != "elsewhere":
            return False
        return province is None or reading.province is None or reading.province.code == province.code

    @cached_property
    def codes_elsewhere(self) -> bool:
        """Whether a code surely lies in another commune than the address."""
        return any(self.code_state(c) == "elsewhere" and not self.roughly_elsewhere(c) for c in self.codes)

    def house_differs(self, record: Components) -> bool:
        """Whether the door that was written is another one than the record's."""
        ours = levels(self.detail)
        theirs = levels(Detail(house_number=record.house_number, alley=record.alley))
        if ours and theirs and ours != theirs:
            return True
        street, recorded = street_key(self.detail.street or ""), street_key(record.street or "")
        return bool(street and recorded and street != recorded)

    @cached_property
    def postcode_state(self) -> PostcodeState | None:
        """What to think of the postcode beside the rest. Five digits changed their places with the decision of
        August 2025: beside old units of the same province they may be of before."""
        found, place = self.postcode, self.place
        if found is None:
            return None
        if found.kind == "none":
            return "malformed"
        if not place.stands or place.commune is None:
            return "unchecked"
        if found.commune is None:
            return "former"
        if found.commune.code == place.commune.code:
            return "right"
        if found.commune.parent != place.commune.parent:
            return "other_province"
        return "former" if self.reading is not None and self.reading.era == "old" else "elsewhere"

    @cached_property
    def point_state(self) -> PointState | None:
        """Where the point lies beside the communes in question."""
        if self.point is None:
            return None
        if not self.point.at and not self.point.near:
            return "outside"
        if not self.place.named and self.place.by != "point":
            return "unchecked" if self.place.commune is None else self._beside({self.place.commune.code})
        return self._beside({candidate.commune.code for candidate in self.place.candidates})

    def _beside(self, communes: set[str]) -> PointState:
        if self.point is None or communes.isdisjoint(self.point.near):
            return "elsewhere"
        return "near" if communes.isdisjoint(self.point.at) else "inside"

    @cached_property
    def door(self) -> Door:
        """How near to a door the address leads: a door, a place that one has to know, or no further than a
        street. Outside wards houses are found by their hamlet."""
        detail, commune = self.detail, self.place.commune
        written = self.match("commune")
        town = written is not None and written.unit.type in TOWN_TYPES
        rural = commune is not None and commune.type in RURAL_TYPES and not town
        located = self.point is not None or any(code.issued and code.reading for code in self.codes)
        if detail.house_number or located or (detail.building and (detail.unit or detail.floor)):
            return "door"
        if rural and detail.hamlet:
            return "door"
        named = detail.building or detail.poi or detail.hamlet or (rural and (detail.street or detail.alley))
        return "place" if named else "none"

    @cached_property
    def doubtful(self) -> frozenset[str]:
        """The parts below the commune that were read by their place alone and look like no such part, where no
        record vouches for them."""
        if self.record is not None:
            return frozenset()
        found = doubtful(self.understood.line, self.detail, self.asked.detail.keys())
        return found - {"street", "house_number"} if self.street_here else found

    @property
    def six_digits(self) -> bool:
        """Whether the postcode is of before 2018, which nothing here can check, beside a commune that stands."""
        found = self.postcode
        six = found is not None and sum(c.isdigit() for c in found.written) == FORMER_POSTCODE_WIDTH
        return six and self.postcode_state == "former"

    @property
    def perhaps_commune(self) -> UnitMatch | None:
        """A bare name that is read as a district's and that the likeliest commune of today has as well; who writes
        no ``quận`` may mean either."""
        match, commune = self.match("district"), self.place.commune
        if match is None or commune is None or self.place.stands or self.match("commune") is not None:
            return None
        bare = match.span is not None and fold(self.understood.line[slice(*match.span)]) == fold(match.name)
        return match if bare and fold(commune.name) == fold(match.unit.name) else None

    @property
    def misspelt(self) -> UnitMatch | None:
        """A unit that was read in spite of how it is written."""
        matches = self.reading.matches if self.reading else ()
        return next((match for match in matches if is_misspelt(match)), None)

    @property
    def empty(self) -> bool:
        """Whether nothing was understood that could be a part of an address."""
        detail = self.detail
        named = fold(" ".join(filter(None, (detail.street, detail.hamlet, detail.building, detail.unit))))
        parts = detail.house_number or detail.alley or any(c.isascii() and c.isalpha() for c in named)
        units = self.reading is not None or bool(self.asked.units)
        return not (units or parts or self.codes or self.point or self.postcode)


def is_misspelt(match: UnitMatch) -> bool:
    """Whether a name was read with letters or accents other than its own; those left out do not count."""
    return match.how == "fuzzy" or (match.how == "no_accents" and match.cost >= MISSING_ACCENT)
