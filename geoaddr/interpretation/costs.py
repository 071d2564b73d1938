"""What each irregularity of a reading costs.

A cost is a natural logarithm: a reading of cost 2 is about seven times rarer than one of cost 1. The figures
were set by hand, in few steps, on development addresses; only their differences matter.
"""

# spelling
NO_ACCENTS = 0.05
"""A name written without any accent."""
OTHER_ACCENTS = 0.7
"""Each letter with another accent than the name's."""
MISSING_ACCENT = 0.4
"""The share of that for an accent left out beside others that are written."""
TWIN = 2.5
"""More for a name where the accents that are written are those of another one in the province."""
NO_TWIN_ACCENTS = 0.3
"""More for its accents where the other one has none, and the line has some."""
ALIAS = 0.35
SHORTENED = 0.8
"""The first syllable, or all of them, by their initial."""
TYPO = 1.2
MORE_TYPOS = 1.8
OTHER_ACCENTS_BESIDE = 1.3
"""Each letter with another accent than the name's beside a typo: two mishaps in one name are likelier another
name."""

# type words
OTHER_TYPE = 0.5
"""A type word of the same level that is not the unit's own (Xã for Phường)."""

# place in the line
STREET = 3.5
"""A name that a street word goes before or follows."""
NUMBER_BEFORE = 2.0
OTHER_TYPE_BESIDE = 2.5
"""A name whose type word is of another level."""
RUN_ON = 1.3
"""A name in the middle of a part of the line, other words before it."""
TYPED_AFTER_STREET = 0.3
WORDS_AFTER = 1.6
WORDS_AFTER_PROVINCE = 0.4
"""After a province with its type word: what follows the whole address is a remark."""
NUMBER_AFTER = 0.6
TYPE_AFTER = 0.1
POSTCODE_AFTER = 0.1
WITHIN = 1.5
"""A name that is only a piece of a longer one that stands there."""
FIRST = 0.3
"""A commune without its type word at the very beginning, where streets stand."""
REVERSED = 0.4
SHUFFLED = 1.0

# levels that are missing
NO_COMMUNE = 2.0
NO_DISTRICT = 0.9
NO_PROVINCE = 0.4
ALONE = 1.2
"""A commune with neither."""
ONLY_PROVINCE = 2.8

# eras that do not go together
OLD_DISTRICT = 0.7
OLD_PROVINCE = 0.4
NEW_PROVINCE = 0.6
LIKE_DISTRICT = 2.4
"""A new commune written without its type, where the name is its old district's too."""
LIKE_OLD_DISTRICT = 1.0
"""An old commune written without its type and its district, where the name is a district's too."""
LIKE_DISTRICT_ALONE = 2.0
"""The same where no province is named either: a district is known by its name, a commune is told with more."""
LIKE_PROVINCE = 2.5
"""A smaller unit written without its type and without a province, where the name is a province's too."""
GONE = 1.2
"""A unit that was gone on the day asked for."""

# what a reading leaves unused
UNUSED_UNIT = 1.3
UNUSED_TYPED = 2.0
UNUSED_FITTING = 1.5
"""A part of the line that names a commune of the units chosen."""
UNUSED_WORDS = 0.4
UNUSED_MOST = 5.0
SAID_AGAIN = 0.1

MARGIN, SURE_MARGIN = 4.0, 2.0
"""Readings this much dearer than the best are not kept: where the best is doubtful, and where it is sure."""
SURE = 0.9
"""A reading that costs no more is sure: no typos are looked for."""


def most_kept(best: float, wide: bool = False) -> float:
    """What a reading may cost to be kept beside one that costs ``best``; ``wide``: as if that were doubtful."""
    return best + (SURE_MARGIN if best <= SURE and not wide else MARGIN)
