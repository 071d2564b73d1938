"""The specification of geoaddr."""
