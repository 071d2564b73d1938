"""The values that the platform speaks in: points, units, codes' readings, address records, answers.

All are frozen dataclasses. Each reads as attributes (``answer.commune.code``), as a mapping
(``answer["commune"]["code"]``, ``dict(answer)``) and as plain JSON-ready data (``answer.to_dict()``).
Codes are strings, dates are :class:`datetime.date`, coordinates are WGS 84 degrees, lengths are metres.
"""

from geoaddr.model.addresses import AddressRecord, Alias, Amended, Assigned, Change, Changes, Components, Event
from geoaddr.model.base import (
    EARLIEST_DATE,
    SHOWN_NAME,
    STATUSES,
    Accuracy,
    Grade,
    Level,
    Outcome,
    Record,
    Status,
    System,
    as_date,
    day_from,
    plain,
    reject_unknown,
)
from geoaddr.model.places import (
    COMPONENT_NAMES,
    Cell,
    Disagreement,
    LevelBasis,
    Located,
    PackInfo,
    Point,
    Unit,
    UnitLink,
    WeighedUnit,
)
from geoaddr.model.readings import Reading, Resolved, Suggestion

__all__ = [
    "COMPONENT_NAMES",
    "EARLIEST_DATE",
    "SHOWN_NAME",
    "STATUSES",
    "Accuracy",
    "AddressRecord",
    "Alias",
    "Amended",
    "Assigned",
    "Cell",
    "Change",
    "Changes",
    "Components",
    "Disagreement",
    "Event",
    "Grade",
    "Level",
    "LevelBasis",
    "Located",
    "Outcome",
    "PackInfo",
    "Point",
    "Reading",
    "Record",
    "Resolved",
    "Status",
    "Suggestion",
    "System",
    "Unit",
    "UnitLink",
    "WeighedUnit",
    "as_date",
    "day_from",
    "plain",
    "reject_unknown",
]
