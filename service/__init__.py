"""The HTTP service: the verbs of the platform over Flask. Start it with ``geoaddr serve``."""
