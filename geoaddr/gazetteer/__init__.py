"""The gazetteer: dated administrative units, their names, postcodes and changes, read from a pack.

What a unit was called, which type and parent it had holds for a stretch of days, half open. The sources
know the units as they stood on 30 June 2025 and as they stand since 1 July 2025, with a few dated changes
before and after. Where the beginning of a stretch is not known it is given as 2018-01-01, the first day
that the data speaks of: the state of 30 June 2025 then stands in for the days before, and the names of
earlier rounds are aliases.
"""

from geoaddr.gazetteer.reader import Gazetteer

__all__ = ["Gazetteer"]
