"""What of an answer each reader may see.

NDAS codes can be enumerated, so a code must not tell a stranger where somebody lives. Without a right to
more, an answer about a code that only the registry can read keeps its status, commune and postcode, and
nothing that leads to the house. Another code of a household does not tell which NDAS code it has either: the
two systems belong to two registers, and joining them is a right of its own. What replaced a code that ended is
told, for whoever holds the old one must learn the new one. Codes that are computed from a point say nothing of
who lives there.

:class:`Grants` are the rights of a reader; :mod:`geoaddr.sight` applies them to answers.
"""

from geoaddr.disclosure.codes import COMPUTED_SYSTEMS, at_area_level, is_computed, told_to_everyone
from geoaddr.disclosure.grants import EVERYBODY, EVERYTHING, SCOPES, Grants, Provinces, Scope
from geoaddr.disclosure.streets import FEWEST_HOUSEHOLDS, StreetsForAll, streets_for_all

__all__ = [
    "COMPUTED_SYSTEMS",
    "EVERYBODY",
    "EVERYTHING",
    "FEWEST_HOUSEHOLDS",
    "SCOPES",
    "Grants",
    "Provinces",
    "Scope",
    "StreetsForAll",
    "at_area_level",
    "is_computed",
    "streets_for_all",
    "told_to_everyone",
]
