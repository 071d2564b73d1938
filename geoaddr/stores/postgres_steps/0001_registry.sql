-- The tables of a registry, in the schema geoaddr. Codes are integers here; they are strings everywhere else.
-- Times are milliseconds and days since 1970-01-01 UTC. Texts compare byte by byte (COLLATE "C"): folding is done in
-- Python, and no index depends on the sort order of an operating system.

CREATE TABLE registry (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    schema_version integer NOT NULL,
    key bytea NOT NULL CHECK (octet_length(key) = 32)
);

CREATE TABLE area (
    area integer PRIMARY KEY CHECK (area BETWEEN 0 AND 99999),
    position integer NOT NULL CHECK (position BETWEEN 0 AND 100000)
) WITH (fillfactor = 50);

-- lat and lon are the truth; geom follows them, for maps and for the spatial index.
CREATE TABLE address (
    ndas bigint PRIMARY KEY CHECK (ndas BETWEEN 0 AND 9999999999),
    likeness bigint NOT NULL,
    lat double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lon double precision NOT NULL CHECK (lon BETWEEN -180 AND 180),
    created_ms bigint NOT NULL,
    updated_ms bigint NOT NULL,
    uncertainty_m double precision,
    issued_day integer NOT NULL,
    version integer NOT NULL CHECK (version >= 1),
    number integer,
    status smallint NOT NULL CHECK (status BETWEEN 0 AND 4),
    division smallint,
    commune text COLLATE "C" NOT NULL,
    street text COLLATE "C" CHECK (street <> ''),
    point_source text COLLATE "C" NOT NULL,
    components json NOT NULL,
    entrances json,
    superseded_by bigint[] CHECK (NOT ndas = ANY (superseded_by)),
    geom geometry(Point, 4326) NOT NULL
        GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED,
    CHECK ((street IS NULL) = (division IS NULL))
) PARTITION BY RANGE (ndas);
CREATE INDEX address_by_likeness ON address (likeness, lat, lon) WHERE status < 3;
CREATE INDEX address_by_street ON address (street, commune, number) WHERE status IN (1, 2);
CREATE INDEX address_by_point ON address USING gist (geom) WHERE status < 3;

CREATE TABLE alias (
    ndas bigint NOT NULL,
    number integer NOT NULL,
    from_day integer,
    to_day integer,
    system text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    PRIMARY KEY (ndas, number)
) PARTITION BY RANGE (ndas);
CREATE INDEX alias_by_code ON alias (code, system);

CREATE TABLE event (
    ndas bigint NOT NULL,
    at_ms bigint NOT NULL,
    number integer NOT NULL CHECK (number >= 1),
    kind text COLLATE "C" NOT NULL,
    actor text COLLATE "C" NOT NULL,
    reason text COLLATE "C" NOT NULL,
    details json NOT NULL,
    PRIMARY KEY (ndas, number)
) PARTITION BY RANGE (ndas);

CREATE TABLE receipt (
    key text COLLATE "C" PRIMARY KEY,
    ndas bigint NOT NULL,
    outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('created', 'existing')),
    digest text COLLATE "C" NOT NULL
);

CREATE TABLE batch_row (
    batch_id text COLLATE "C" NOT NULL,
    row_id text COLLATE "C" NOT NULL,
    ndas bigint NOT NULL,
    outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('created', 'existing')),
    digest text COLLATE "C" NOT NULL,
    PRIMARY KEY (batch_id, row_id)
);

CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER event_is_never_changed BEFORE UPDATE OR DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION forbid('history is append-only');
CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON event
    EXECUTE FUNCTION forbid('history is append-only');
CREATE TRIGGER address_is_never_removed BEFORE DELETE ON address
    FOR EACH ROW EXECUTE FUNCTION forbid('codes are never reused');
CREATE TRIGGER address_is_never_emptied BEFORE TRUNCATE ON address
    EXECUTE FUNCTION forbid('codes are never reused');
CREATE TRIGGER address_keeps_its_code BEFORE UPDATE OF ndas ON address
    FOR EACH ROW EXECUTE FUNCTION forbid('a code is for life');
CREATE TRIGGER key_is_never_changed BEFORE UPDATE OF one, id, key OR DELETE ON registry
    FOR EACH ROW EXECUTE FUNCTION forbid('the issuing order is for life');
CREATE TRIGGER key_is_never_emptied BEFORE TRUNCATE ON registry
    EXECUTE FUNCTION forbid('the issuing order is for life');

-- The partitions of the codes that begin with two digits, made with the first such code. A service's role may call this
-- without owning the tables. Partitions are attached, which holds up no reader and no writer of the others.
CREATE FUNCTION make_partition(prefix integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, geoaddr AS $$
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
    FOREACH parent IN ARRAY ARRAY['address', 'alias', 'event'] LOOP
        EXECUTE format(
            'CREATE TABLE %1$I.%2$I (LIKE %1$I.%3$I INCLUDING GENERATED INCLUDING CONSTRAINTS, '
            'CHECK (ndas >= %4$s AND ndas < %5$s))',
            'geoaddr', parent || '_' || suffix, parent, first, first + 100000000);
        EXECUTE format(
            'ALTER TABLE %1$I.%3$I ATTACH PARTITION %1$I.%2$I FOR VALUES FROM (%4$s) TO (%5$s)',
            'geoaddr', parent || '_' || suffix, parent, first, first + 100000000);
        IF parent <> 'address' THEN
            EXECUTE format('ALTER TABLE %1$I.%2$I ADD FOREIGN KEY (ndas) REFERENCES %1$I.%3$I',
                'geoaddr', parent || '_' || suffix, 'address_' || suffix);
        END IF;
    END LOOP;
    EXECUTE format('CREATE TRIGGER event_is_never_emptied BEFORE TRUNCATE ON geoaddr.%I '
        'EXECUTE FUNCTION geoaddr.forbid(''history is append-only'')', 'event_' || suffix);
    EXECUTE format('CREATE TRIGGER address_is_never_emptied BEFORE TRUNCATE ON geoaddr.%I '
        'EXECUTE FUNCTION geoaddr.forbid(''codes are never reused'')', 'address_' || suffix);
END $$;
REVOKE ALL ON FUNCTION make_partition(integer) FROM PUBLIC;
