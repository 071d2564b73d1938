-- What runs with the owner's rights looks into temporary tables last. Where a search path does not name pg_temp, it stands
-- first: a table that the caller made for the session, with a trigger of the caller's, would be taken for the registry's.

ALTER FUNCTION standing_follows SET search_path = pg_catalog, geoaddr, pg_temp;
ALTER FUNCTION make_partition SET search_path = pg_catalog, geoaddr, pg_temp;
ALTER FUNCTION tell SET search_path = pg_catalog, geoaddr, pg_temp;
ALTER FUNCTION history_only_loses SET search_path = pg_catalog, geoaddr, pg_temp;
ALTER FUNCTION redact SET search_path = pg_catalog, geoaddr, pg_temp;
ALTER FUNCTION issue SET search_path = pg_catalog, geoaddr, pg_temp;
