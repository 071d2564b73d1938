"""The dictionary: what names mean, and that it answers alike however often it is asked."""

from __future__ import annotations

import random

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.dictionary import FUZZY_FROM, PROVINCE
from geoaddr.text.fold import fold


def test_every_unit_answers_to_its_name(interpreter: Interpreter, gazetteer: Gazetteer) -> None:
    dictionary = interpreter.dictionary
    for level in ("province", "district", "commune"):
        for unit in gazetteer.units(level, as_of=gazetteer.date)[:200]:  # type: ignore[arg-type]
            key = "".join(fold(unit.name).split())
            named = [dictionary.unit(name.entity, None) for name in dictionary.index[key]]
            assert unit in named


def test_similar_names_are_those_that_a_letter_left_out_makes_alike(interpreter: Interpreter) -> None:
    dictionary = interpreter.dictionary
    random_ = random.Random(5)
    keys = [key for key in dictionary.keys if len(key) > 5 and key.isalpha()]
    for key in random_.sample(keys, 40):
        at = random_.randrange(len(key))
        misspelt = key[:at] + random_.choice(("", "x", key[at] * 2)) + key[at + 1 :]
        without = deletions(misspelt)
        shorter = {other for other in dictionary.keys if other in without}
        longer = {
            other
            for other in dictionary.keys
            if len(other) >= FUZZY_FROM
            and not other.isdigit()
            and not (without | {misspelt}).isdisjoint(deletions(other))
        }
        assert set(dictionary.similar(misspelt)) == (shorter | longer) - {misspelt}
        assert key in dictionary.similar(misspelt)


def deletions(key: str) -> set[str]:
    return {key[:i] + key[i + 1 :] for i in range(len(key))}


def test_what_holds_a_unit_is_of_a_higher_level(interpreter: Interpreter) -> None:
    dictionary = interpreter.dictionary
    for entity in range(0, len(dictionary.entities), 37):
        rank = dictionary.entities[entity].rank
        holders = dictionary.holders[entity]
        assert all(dictionary.entities[holder].rank < rank for holder in holders)
        assert rank == PROVINCE or any(not mixed for mixed in holders.values())


def test_a_unit_of_before_may_be_written_with_the_province_of_since(interpreter: Interpreter) -> None:
    dictionary = interpreter.dictionary
    assert any(
        mixed and dictionary.entities[holder].rank == PROVINCE
        for name in dictionary.index["bentre"]
        for holder, mixed in dictionary.holders[name.entity].items()
    )
