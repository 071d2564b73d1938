-- One code at a time, by many at once: writers queue for a household and an area, not for the whole feed, and the
-- server writes their commits to the disk together.

-- Who drew a position beside others. Transaction ids and positions are given in the same order, so a position that is
-- missing below this one can come about only while a transaction with a smaller id runs. NULL: whoever wrote it was alone.
ALTER TABLE feed ADD COLUMN writer xid8;

-- What an issue decides by, locked and then read, each by a snapshot of its own: the transaction is READ COMMITTED. First
-- the household (all who file one with the same key wait), then the area, in which codes are dealt one after another.
CREATE FUNCTION enter(
    asked bigint, keys integer[], south float8, west float8, north float8, east float8, of_area integer, by_key text,
    OUT reached integer, OUT there bigint[], OUT kept_ndas bigint, OUT kept_outcome text, OUT kept_digest text)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1734435955, -1);
    FOR n IN 1 .. cardinality(keys) LOOP
        PERFORM pg_advisory_xact_lock(1734435955, keys[n]);
    END LOOP;
    PERFORM pg_advisory_xact_lock(1734435954, of_area);
    IF by_key IS NOT NULL THEN
        SELECT r.ndas, r.outcome, r.digest INTO kept_ndas, kept_outcome, kept_digest
            FROM geoaddr.receipt r WHERE r.key = by_key;
    END IF;
    there := ARRAY(SELECT s.ndas FROM geoaddr.standing s WHERE s.likeness = asked
        AND s.lat BETWEEN south AND north AND s.lon BETWEEN west AND east);
    SELECT a.position INTO reached FROM geoaddr.area a WHERE a.area = of_area;
END $$;

-- An address with how its history begins, its area's next position and the receipt of whoever asked for it.
CREATE TYPE issued AS (
    ndas bigint, status smallint, version integer, commune text, lat float8, lon float8, issued_day integer,
    created_ms bigint, updated_ms bigint, components text, point_source text, uncertainty_m float8, entrances text,
    likeness bigint, street text, number integer, division smallint, place text,
    kind text, at_ms bigint, actor text, reason text, details text, area integer, "position" integer,
    key text, outcome text, digest text, aliases json);

-- Keeps it all. Nothing was written before in the transaction: its id is given here, with its place in the feed.
CREATE FUNCTION keep(told json) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, geoaddr AS $$
DECLARE
    i geoaddr.issued := json_populate_record(NULL::geoaddr.issued, told);
    drawn bigint;
    id xid8;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(1734435954, -3);
    PERFORM pg_advisory_xact_lock_shared(1734435954, -4);
    PERFORM pg_advisory_lock(1734435954, -5);
    id := pg_current_xact_id();
    drawn := nextval('geoaddr.feed_position_seq');
    PERFORM pg_advisory_unlock(1734435954, -5);
    INSERT INTO address (ndas, status, version, commune, lat, lon, issued_day, created_ms, updated_ms, components,
            point_source, uncertainty_m, entrances, likeness, street, number, division, place)
        VALUES (i.ndas, i.status, i.version, i.commune, i.lat, i.lon, i.issued_day, i.created_ms, i.updated_ms,
            i.components::json, i.point_source, i.uncertainty_m, i.entrances::json, i.likeness, i.street, i.number,
            i.division, i.place);
    INSERT INTO event (ndas, number, kind, at_ms, actor, reason, details)
        VALUES (i.ndas, 1, i.kind, i.at_ms, i.actor, i.reason, i.details::json);
    INSERT INTO area AS a (area, position) VALUES (i.area, i.position)
        ON CONFLICT (area) DO UPDATE SET position = greatest(a.position, excluded.position);
    IF i.aliases IS NOT NULL THEN
        INSERT INTO alias (ndas, number, system, code, from_day, to_day)
            SELECT i.ndas, (v->>0)::integer, v->>1, v->>2, (v->>3)::integer, (v->>4)::integer
            FROM json_array_elements(i.aliases) AS v;
    END IF;
    IF i.key IS NOT NULL THEN
        INSERT INTO receipt (key, ndas, outcome, digest) VALUES (i.key, i.ndas, i.outcome, i.digest);
    END IF;
    INSERT INTO feed (position, ndas, number, writer) OVERRIDING SYSTEM VALUE VALUES (drawn, i.ndas, 1, id);
END $$;
REVOKE ALL ON FUNCTION keep(json) FROM PUBLIC;
