-- An address is found by the place that it stands in too (what it is called, a building, a hamlet), as by its street.
-- The place's key needs folding: after these statements geoaddr/stores/postgres_folding.py fills it in.

ALTER TABLE address ADD COLUMN place text COLLATE "C" CHECK (place <> '');
ALTER TABLE address DROP CONSTRAINT address_check1;
ALTER TABLE address ADD CONSTRAINT address_is_filed_with_its_division
    CHECK ((street IS NULL AND place IS NULL) = (division IS NULL));

ALTER TABLE standing ADD COLUMN place text COLLATE "C";

CREATE OR REPLACE FUNCTION standing_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, geoaddr AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM standing USING written WHERE standing.ndas = written.ndas;
    END IF;
    INSERT INTO standing (ndas, likeness, lat, lon, number, division, vouched, commune, street, place)
        SELECT ndas, likeness, lat, lon, number, division, status IN (1, 2), commune, street, place
        FROM written WHERE status < 3;
    RETURN NULL;
END $$;

-- Names are counted from these indexes alone: all by their beginning, and those of a commune.
DROP INDEX standing_by_street;
CREATE INDEX standing_by_street ON standing (street, commune, division, number, vouched) WHERE street IS NOT NULL;
CREATE INDEX standing_by_place ON standing (place, commune, division, number, vouched) WHERE place IS NOT NULL;
CREATE INDEX streets_of_commune ON standing (commune, street, division, vouched) WHERE street IS NOT NULL;
CREATE INDEX places_of_commune ON standing (commune, place, division, vouched) WHERE place IS NOT NULL;
