"""The running of cases: what passed, and why the others did not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.finding.corpus.cases import Case
from tests.finding.corpus.comparing import missing
from tests.finding.corpus.services import Search


@dataclass(slots=True)
class Outcome:
    """How many passed and were skipped, the names of those that ran, and of those that failed why."""

    passed: int = 0
    skipped: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def run(cases: Iterable[Case], search: Search, *, loose: bool = False) -> Outcome:
    """Search for each case. One that gets no answer has failed, and the others go on."""
    found = Outcome()
    for case in cases:
        if case.skip:
            found.skipped += 1
            continue
        found.names.add(case.name)
        try:
            features = search(case)["features"][: case.limit]
        except (OSError, ValueError) as error:
            found.failed[case.name] = f"no answer: {error}"
            continue
        wrong = missing(features, case.expected, loose=loose)
        if wrong:
            found.failed[case.name] = "; ".join(wrong)
        else:
            found.passed += 1
    return found
