"""What holds for every text, whatever it says. One function for all tests and for the fuzzer."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from geoaddr.codes import recognise
from geoaddr.conversion import Converted
from geoaddr.errors import GeoaddrError, InvalidCode, InvalidInput, InvalidQuery
from geoaddr.gazetteer import Gazetteer
from geoaddr.interpretation import Interpretation
from geoaddr.interpretation.codes_in_text import spans_without
from geoaddr.interpretation.detail import Detail, read_detail
from geoaddr.interpretation.lexicon import lexicon
from geoaddr.interpretation.stray_provinces import without_provinces
from geoaddr.parsing import SURE, Parsed
from geoaddr.platform import Geoaddr
from geoaddr.text.fold import fold, fold_keep_accents
from geoaddr.text.masking import masked
from geoaddr.text.tokens import tokenise

MOST_READINGS = 5
COUNTRY = frozenset(
    word
    for words, roles in lexicon().roles.items()
    for word in words.split()
    if any(role == "country" for role, _ in roles)
)
"""The words of the country's name."""
Spans = Sequence[tuple[int, int]]


def check(ga: Geoaddr, text: str) -> None:
    """Every invariant. :raises AssertionError: for one that does not hold."""
    check_code(text)
    check_fold(text)
    try:
        check_tokens(text)
    except InvalidQuery as error:
        check_refusal(error)
        for verb in (ga.parse, ga.convert, ga.validate):
            try:
                verb(text)
            except InvalidInput as refusal:
                check_refusal(refusal)
            else:
                raise AssertionError("a text that cannot be read was answered")
        return
    parsed = ga.parse(text, explain=True)
    check_parsed(parsed, ga.gazetteer)
    check_short_way(ga.interpreter.interpret(text), ga.interpreter.interpret_whole(text))
    for to in ("new", "old"):
        check_converted(ga.convert(text, to=to))
    validated = ga.validate(text)
    assert validated.verdict in ("accept", "confirm", "fix", "reject")
    assert (validated.verdict == "reject") or validated.possible_next_action
    _plain(validated.to_dict())


def check_short_way(short: list[Interpretation], whole: list[Interpretation]) -> None:
    """The best reading is the same both ways; its weight depends on what is given beside it."""
    best = [[replace(reading, weight=1.0) for reading in readings[:1]] for readings in (short, whole)]
    assert best[0] == best[1], "the short way differs"
    assert len(short) <= len(whole)


def check_refusal(error: GeoaddrError) -> None:
    """A refusal is short, in both languages, and can be written anywhere."""
    for lang in ("en", "vi"):
        assert 0 < len(error.message(lang).encode()) < 400
    assert error.reason.en != error.reason.vi


def check_code(text: str) -> None:
    """A text has the form of some systems, or of none; a compact spelling has the same form again."""
    try:
        forms = recognise.forms(text)
    except InvalidCode as error:
        check_refusal(error)
        return
    for form in forms:
        assert form in recognise.forms(form.code)


def check_fold(text: str) -> None:
    """Folding twice is folding once, and accents are all that the two keys differ by."""
    folded, kept = fold(text), fold_keep_accents(text)
    assert fold(folded) == folded
    assert fold_keep_accents(kept) == kept
    assert fold(kept) == folded
    assert folded == " ".join(folded.split())


def check_tokens(text: str) -> None:
    """Tokens stand in the text in order; what is between them has no letter and no digit of a script known."""
    at = 0
    for token in tokenise(text):
        assert at <= token.start < token.end <= len(text)
        assert text[token.start : token.end] == token.text
        assert token.folded
        assert not any(c.isascii() and c.isalnum() for c in text[at : token.start])
        at = token.end
    assert not any(c.isascii() and c.isalnum() for c in text[at:])
    assert len(masked(text)) == len(text)


def check_parsed(parsed: Parsed, gazetteer: Gazetteer) -> None:
    """The answer hangs together, and nothing of the text is lost."""
    text, readings = parsed.input, parsed.interpretations
    best = readings[0] if readings else None
    assert (parsed.status == "not_found") == (best is None) == (parsed.confidence is None)
    if best is not None:
        assert parsed.confidence is not None
        assert 0 <= parsed.confidence <= 1
        assert (parsed.province, parsed.district, parsed.commune) == (best.province, best.district, best.commune)
        assert parsed.status != "ok" or (parsed.commune is not None and parsed.confidence >= SURE)
        assert (parsed.status == "partial") == (parsed.commune is None)
    check_readings(text, readings)
    for code in parsed.codes:
        assert 0 <= code.start < code.end <= len(text)
    spans = spans_without(best.rest if best else [(0, len(text))], parsed.codes)
    detail = read_detail(text, spans)
    assert parsed.components == (without_provinces(text, detail, best, gazetteer) if best else detail)
    check_detail(text, spans, parsed.components)
    check_explained(parsed)
    _plain(parsed.to_dict())


def check_readings(text: str, readings: Sequence[Interpretation]) -> None:
    """Weights are shares, best first; the units' places, the rest and the country's name make up the text."""
    assert len(readings) <= MOST_READINGS
    weights = [reading.weight for reading in readings]
    assert not weights or abs(sum(weights) - 1) < 1e-9
    assert weights == sorted(weights, reverse=True)
    for reading in readings:
        assert any((reading.province, reading.district, reading.commune))
        assert 0 < reading.score <= 1
        assert all(part <= 0 for part in reading.score_parts.values())
        taken = [match.span for match in reading.matches if match.span is not None]
        assert taken
        left = _left(text, [*taken, *reading.rest])
        assert COUNTRY.issuperset(fold(left).split()), left
        assert {match.unit.level for match in reading.matches if match.span is None} == set(reading.inferred)


def check_detail(text: str, spans: Spans, detail: Detail) -> None:
    """Every letter and digit of the spans is in one part, and every part is in the field that it names."""
    at = 0
    covered: set[int] = set()
    values = {name: getattr(detail, name) for name in detail.keys()}  # noqa: SIM118  # a record, not a dict
    for role, start, end in detail.parts:
        assert at <= start < end <= len(text)
        covered.update(range(start, end))
        at = end
        if role == "same":
            continue
        value = values[role]
        written = " / ".join(value) if isinstance(value, tuple) else value
        assert written
        piece = _letters(text[start:end])
        if role in ("house_number", "postcode"):  # without the word số
            assert any(_letters(each) in piece for each in written.split(", "))
        else:
            assert piece in _letters(written), (role, piece, written)
    for start, end in spans:
        lost = [text[i] for i in range(start, end) if text[i].isalnum() and i not in covered]
        assert not lost, lost


def check_explained(parsed: Parsed) -> None:
    """What is shown is what was answered."""
    shown = parsed.explanation
    assert shown is not None
    for seen in (*shown.tokens, *shown.names, *shown.typos, *shown.components):
        assert parsed.input[seen.start : seen.end] == seen.text
    assert [reading.weight for reading in shown.readings] == [r.weight for r in parsed.interpretations]
    assert [(seen.component, seen.start, seen.end) for seen in shown.components] == [*parsed.components.parts]


def check_converted(answer: Converted) -> None:
    """Weights are shares; what is stood behind is one commune with its address."""
    weights = [candidate.weight for candidate in answer.candidates]
    assert not weights or abs(sum(weights) - 1) < 1e-6
    assert weights == sorted(weights, reverse=True)
    assert (answer.status == "ok") == (answer.address is not None)
    assert answer.status != "not_found" or not weights
    assert answer.confidence is None or 0 <= answer.confidence <= 1
    if answer.commune is not None:
        assert answer.candidates[0].commune == answer.commune
    assert answer.status != "ok" or answer.commune is not None
    _plain(answer.to_dict())


def check_normal_forms(ga: Geoaddr, text: str) -> None:
    """Composed and decomposed letters are the same address."""
    composed, parted = (ga.parse(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))
    assert composed.components.to_dict() == parted.components.to_dict()
    assert (composed.commune, composed.district, composed.province) == (
        parted.commune,
        parted.district,
        parted.province,
    )


def _left(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """What of ``text`` lies in none of ``spans``, which are inside it and share no character."""
    at, left = 0, ""
    for start, end in sorted(spans):
        assert at <= start < end <= len(text)
        left += " " + text[at:start]
        at = end
    return (left + " " + text[at:]).strip()


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFC", text).casefold() if c.isalnum())


def _plain(document: object) -> None:
    json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
