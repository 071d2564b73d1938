-- All locks of an issue together are waited for as long as one: whoever comes late at each of them is refused in time.

-- Has the next lock of this transaction waited for until so long after the statement began; for ever with '0'.
CREATE FUNCTION wait_within(most text) RETURNS text
LANGUAGE sql AS $$
    SELECT set_config('lock_timeout', CASE most WHEN '0' THEN most ELSE greatest(1, ceil(1000 * extract(
        epoch FROM statement_timestamp() + most::interval - clock_timestamp()))::integer)::text END, true)
$$;
REVOKE ALL ON FUNCTION wait_within FROM PUBLIC;

-- What it does is told in 0006_one_exchange.sql; here each of its locks is tried first, and waited for
-- within the time that is left. Whoever tries comes behind those who wait.
CREATE OR REPLACE FUNCTION issue(
    like_of bigint, keys integer[], south float8, west float8, north float8, east float8,
    of_area integer, ahead_of integer, codes bigint[], by_key text, by_digest text,
    in_status smallint, in_commune text, at_lat float8, at_lon float8, on_day integer, at_time bigint, parts json,
    source text, within_m float8, doors json, on_street text, at_number integer, of_division smallint, in_place text,
    what text, who text, why text, told json, others json,
    OUT code bigint, OUT reached integer, OUT there bigint[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, geoaddr, pg_temp AS $$
DECLARE
    drawn bigint;
    id xid8;
    most text := current_setting('lock_timeout');
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1734435955, -1);
    FOR n IN 1 .. cardinality(keys) LOOP
        IF NOT pg_try_advisory_xact_lock(1734435955, keys[n]) THEN
            PERFORM wait_within(most);
            PERFORM pg_advisory_xact_lock(1734435955, keys[n]);
        END IF;
    END LOOP;
    IF NOT pg_try_advisory_xact_lock(1734435954, of_area) THEN
        PERFORM wait_within(most);
        PERFORM pg_advisory_xact_lock(1734435954, of_area);
    END IF;
    IF by_key IS NOT NULL THEN
        PERFORM FROM receipt r WHERE r.key = by_key;
        IF FOUND THEN
            RETURN;
        END IF;
    END IF;
    there := ARRAY(SELECT s.ndas FROM standing s WHERE s.likeness = like_of
        AND s.lat BETWEEN south AND north AND s.lon BETWEEN west AND east);
    IF there <> '{}' THEN
        RETURN;
    END IF;
    SELECT a.position INTO reached FROM area a WHERE a.area = of_area;
    reached := coalesce(reached, 0);
    IF codes[reached - ahead_of + 1] IS NULL THEN
        RETURN;
    END IF;
    IF NOT pg_try_advisory_xact_lock_shared(1734435954, -3) THEN
        PERFORM wait_within(most);
        PERFORM pg_advisory_xact_lock_shared(1734435954, -3);
    END IF;
    IF NOT pg_try_advisory_xact_lock_shared(1734435954, -4) THEN
        PERFORM wait_within(most);
        PERFORM pg_advisory_xact_lock_shared(1734435954, -4);
    END IF;
    IF NOT pg_try_advisory_lock(1734435954, -5) THEN
        PERFORM wait_within(most);
        PERFORM pg_advisory_lock(1734435954, -5);
    END IF;
    id := pg_current_xact_id();
    drawn := nextval('geoaddr.feed_position_seq');
    PERFORM pg_advisory_unlock(1734435954, -5);
    LOOP
        code := codes[reached - ahead_of + 1];
        IF code IS NULL THEN
            RETURN;
        END IF;
        reached := reached + 1;
        INSERT INTO address (ndas, status, version, commune, lat, lon, issued_day, created_ms, updated_ms, components,
                point_source, uncertainty_m, entrances, likeness, street, number, division, place)
            VALUES (code, in_status, 1, in_commune, at_lat, at_lon, on_day, at_time, at_time, parts, source, within_m, doors,
                like_of, on_street, at_number, of_division, in_place)
            ON CONFLICT DO NOTHING;
        EXIT WHEN FOUND;
    END LOOP;
    INSERT INTO event (ndas, number, kind, at_ms, actor, reason, details)
        VALUES (code, 1, what, at_time, who, why, told);
    INSERT INTO area AS a (area, position) VALUES (of_area, reached)
        ON CONFLICT (area) DO UPDATE SET position = greatest(a.position, excluded.position);
    IF others IS NOT NULL THEN
        INSERT INTO alias (ndas, number, system, code, from_day, to_day)
            SELECT issue.code, (v->>0)::integer, v->>1, v->>2, (v->>3)::integer, (v->>4)::integer
            FROM json_array_elements(others) AS v;
    END IF;
    IF by_key IS NOT NULL THEN
        INSERT INTO receipt (key, ndas, outcome, digest) VALUES (by_key, code, 'created', by_digest);
    END IF;
    INSERT INTO feed (position, ndas, number, writer) OVERRIDING SYSTEM VALUE VALUES (drawn, code, 1, id);
END $$;
