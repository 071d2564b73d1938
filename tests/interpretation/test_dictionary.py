"""The dictionary: what names mean, and that it answers alike however often it is asked."""

from __future__ import annotations

import random

from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpreter
from geoaddr.interpretation.dictionary import ASKED_BEFORE_TABLE, PROVINCE, Dictionary
from geoaddr.interpretation.spelling import distance
from geoaddr.text.fold import fold


def test_every_unit_answers_to_its_name(interpreter: Interpreter, gazetteer: Gazetteer) -> None:
    dictionary = interpreter.dictionary
    for level in ("province", "district", "commune"):
        for unit in gazetteer.units(level, as_of=gazetteer.date)[:200]:  # type: ignore[arg-type]
            key = "".join(fold(unit.name).split())
            named = [dictionary.unit(name.entity, None) for name in dictionary.index[key]]
            assert unit in named


def test_similar_names_are_the_same_from_the_table_and_without(gazetteer: Gazetteer) -> None:
    dictionary = Dictionary(gazetteer)
    random_ = random.Random(5)
    keys = [key for key in dictionary.keys if len(key) > 5 and key.isalpha()]
    misspelt = []
    for key in random_.sample(keys, ASKED_BEFORE_TABLE):
        at = random_.randrange(len(key))
        misspelt.append(key[:at] + random_.choice(("", "x", key[at] * 2)) + key[at + 1 :])
    one_by_one = [dictionary.similar(key) for key in misspelt]
    assert [dictionary.similar(key) for key in misspelt] == one_by_one
    assert all(
        distance(key, other) <= 2 for key, found in zip(misspelt, one_by_one, strict=True) for other in found
    )
    assert sum(map(bool, one_by_one)) > ASKED_BEFORE_TABLE / 2


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
