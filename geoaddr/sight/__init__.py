"""What one reader sees of the platform's answers; see :mod:`geoaddr.disclosure`."""

from geoaddr.sight.feed import seen_changes
from geoaddr.sight.fields import HOUSE_LEVELS, WITHHELD
from geoaddr.sight.judging import looked_at
from geoaddr.sight.sight import Sight
from geoaddr.sight.whereabouts import Whereabouts

__all__ = ["HOUSE_LEVELS", "WITHHELD", "Sight", "Whereabouts", "looked_at", "seen_changes"]
