"""Keys of callers, shares of households, and the trail of who saw what: kept apart from the registry.

Importing this loads neither Flask nor a database.
"""
