-- What an address must be is seen to where its row is followed anyway. PostgreSQL reads the words of every CHECK of a table
-- anew with each statement that writes to it: of a code issued by itself that was a seventh of the server's work.

CREATE FUNCTION refuse(code bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'no address can be as % was written', code USING ERRCODE = 'check_violation';
END $$;
REVOKE ALL ON FUNCTION refuse FROM PUBLIC;

-- The first condition is what an address must be; a part that is NULL is not asked about.
CREATE OR REPLACE FUNCTION standing_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, geoaddr, pg_temp AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM standing USING written WHERE standing.ndas = written.ndas;
    END IF;
    INSERT INTO standing (ndas, likeness, lat, lon, number, division, vouched, commune, street, place)
        SELECT ndas, likeness, lat, lon, number, division, status IN (1, 2), commune, street, place
        FROM written
        WHERE CASE WHEN lat BETWEEN -90 AND 90 AND lon BETWEEN -180 AND 180
                AND version >= 1 AND status BETWEEN 0 AND 5
                AND (street IS NULL AND place IS NULL) = (division IS NULL)
                AND street IS DISTINCT FROM '' AND place IS DISTINCT FROM ''
                AND coalesce(ndas <> ALL (superseded_by), true)
            THEN status < 3 ELSE refuse(ndas) END;
    RETURN NULL;
END $$;

ALTER TABLE address
    DROP CONSTRAINT address_ndas_check, DROP CONSTRAINT address_lat_check, DROP CONSTRAINT address_lon_check,
    DROP CONSTRAINT address_version_check, DROP CONSTRAINT address_status_check, DROP CONSTRAINT address_street_check,
    DROP CONSTRAINT address_place_check, DROP CONSTRAINT address_check,
    DROP CONSTRAINT address_is_filed_with_its_division;

-- That a partition has none but its own codes is said by its bounds already. A new one is empty, and so attached at once.
DO $$
DECLARE
    own record;
BEGIN
    FOR own IN SELECT conrelid::regclass AS partition, conname FROM pg_constraint JOIN pg_inherits ON inhrelid = conrelid
        WHERE inhparent IN ('geoaddr.address'::regclass, 'geoaddr.event'::regclass) AND contype = 'c' AND coninhcount = 0
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', own.partition, own.conname);
    END LOOP;
END $$;

CREATE OR REPLACE FUNCTION make_partition(prefix integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, geoaddr, pg_temp AS $$
DECLARE
    parent text;
    suffix text := lpad(prefix::text, 2, '0');
    first bigint := prefix * 100000000::bigint;
BEGIN
    IF prefix NOT BETWEEN 0 AND 99 THEN
        RAISE EXCEPTION 'a prefix has two digits';
    END IF;
    PERFORM pg_advisory_xact_lock(1734435954, -2);
    IF to_regclass('geoaddr.event_' || suffix) IS NOT NULL THEN
        RETURN;
    END IF;
    FOREACH parent IN ARRAY ARRAY['address', 'event'] LOOP
        EXECUTE format('CREATE TABLE %1$I.%2$I (LIKE %1$I.%3$I INCLUDING CONSTRAINTS)',
            'geoaddr', parent || '_' || suffix, parent);
        EXECUTE format(
            'ALTER TABLE %1$I.%3$I ATTACH PARTITION %1$I.%2$I FOR VALUES FROM (%4$s) TO (%5$s)',
            'geoaddr', parent || '_' || suffix, parent, first, first + 100000000);
    END LOOP;
    EXECUTE format('ALTER TABLE geoaddr.%I ADD FOREIGN KEY (ndas) REFERENCES geoaddr.%I',
        'event_' || suffix, 'address_' || suffix);
    EXECUTE format('CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON geoaddr.%I '
        'EXECUTE FUNCTION geoaddr.forbid(''history is append-only'')', 'event_' || suffix);
    EXECUTE format('CREATE TRIGGER address_is_never_emptied BEFORE TRUNCATE ON geoaddr.%I '
        'EXECUTE FUNCTION geoaddr.forbid(''codes are never reused'')', 'address_' || suffix);
END $$;
