"""What one reader sees of the platform's answers; see :mod:`geoaddr.disclosure`."""

from geoaddr.sight.feed import seen_changes
from geoaddr.sight.fields import HOUSE_LEVELS, WITHHELD
from geoaddr.sight.sight import Sight
from geoaddr.sight.whereabouts import Whereabouts

__all__ = ["HOUSE_LEVELS", "WITHHELD", "Sight", "Whereabouts", "seen_changes"]
