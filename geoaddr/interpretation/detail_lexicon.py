"""The words that open a part of an address, read from ``text/detail_words.csv``.

Columns of the table: ``phrase`` as written with its accents; ``part`` the component that it opens (``name``:
none, it only looks like one; ``..._cue``: none, but it shows what a name is; ``day``: a day of the year);
``body`` what must follow (``number``, ``name``, ``either``, or ``alone`` where nothing belongs to it);
``place`` where it counts (``any``, or ``start``: only where a part can begin, or before a number); ``bare``
whether it is still meant when its accents are missing (``any``, ``start``, before a ``number``, with a
``dot``, ``never``; ``apart``: it has none, and no number may touch it, since ``H12`` is a house); ``says``
what it means, for readers.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from geoaddr.text.fold import fold, fold_keep_accents


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: ``words`` are the phrase's words, each with its accents and without them; ``second`` the
    second of them without, where there is one."""

    words: tuple[tuple[str, str], ...]
    second: str | None
    part: str
    body: str
    place: str
    bare: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All rows, in the ways that the grammar asks for them.

    ``by_first``: entries by their first word without accents, the longest first. ``glued``: words that may
    stand right before a number without a blank (``kp13``). ``building_cues`` and ``street_cues``: words
    that show what a name without a type word is. ``days``: days of the year that streets are named after, as
    ``day/month``.
    """

    by_first: dict[str, tuple[Entry, ...]]
    glued: frozenset[str]
    building_cues: frozenset[str]
    street_cues: frozenset[str]
    days: frozenset[str]


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The table, read once, when first asked for."""
    text = files("geoaddr.text").joinpath("detail_words.csv").read_text(encoding="utf-8")
    by_first: dict[str, list[Entry]] = {}
    listed: dict[str, set[str]] = {"building_cue": set(), "street_cue": set(), "day": set()}
    glued: set[str] = set()
    for row in csv.DictReader(text.splitlines()):
        phrase, part = row["phrase"], row["part"]
        if part in listed:
            listed[part].add(phrase)
            continue
        words = tuple((fold_keep_accents(word), fold(word)) for word in phrase.split())
        second = words[1][1] if len(words) > 1 else None
        entry = Entry(words, second, part, row["body"], row["place"], row["bare"])
        by_first.setdefault(words[0][1], []).append(entry)
        if len(words) == 1 and row["body"] in ("number", "either") and row["bare"] != "apart":
            glued.update(words[0] if row["bare"] in ("any", "number") else words[0][:1])
    return Lexicon(
        {first: tuple(sorted(found, key=lambda e: -len(e.words))) for first, found in by_first.items()},
        frozenset(glued),
        frozenset(listed["building_cue"]),
        frozenset(listed["street_cue"]),
        frozenset(listed["day"]),
    )
