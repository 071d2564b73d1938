"""Boundaries out of a pack, for maps and GIS: GeoJSON, GeoPackage, GeoParquet."""
