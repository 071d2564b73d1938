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

-- What is read by its code: records and their histories, in partitions by the first two digits of the code.

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
    CHECK ((street IS NULL) = (division IS NULL))
) PARTITION BY RANGE (ndas);

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

-- What is searched without a code: narrow tables of the whole registry, so that no search asks every partition.

-- What standing addresses are found by. Triggers of address keep it in step; nobody else writes it. lat and lon are
-- the truth; geom follows them, for the spatial index and for maps.
CREATE TABLE standing (
    ndas bigint PRIMARY KEY,
    likeness bigint NOT NULL,
    lat double precision NOT NULL,
    lon double precision NOT NULL,
    number integer,
    division smallint,
    vouched boolean NOT NULL,
    commune text COLLATE "C" NOT NULL,
    street text COLLATE "C",
    geom geometry(Point, 4326) NOT NULL
        GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED
);
CREATE INDEX standing_by_likeness ON standing (likeness, lat, lon);
CREATE INDEX standing_by_street ON standing (street, commune, number) WHERE vouched;
CREATE INDEX standing_by_point ON standing USING gist (geom);

CREATE FUNCTION standing_follows() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, geoaddr AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM standing USING written WHERE standing.ndas = written.ndas;
    END IF;
    INSERT INTO standing (ndas, likeness, lat, lon, number, division, vouched, commune, street)
        SELECT ndas, likeness, lat, lon, number, division, status IN (1, 2), commune, street
        FROM written WHERE status < 3;
    RETURN NULL;
END $$;
CREATE TRIGGER standing_has_the_new AFTER INSERT ON address REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION standing_follows();
CREATE TRIGGER standing_has_the_changed AFTER UPDATE ON address REFERENCING NEW TABLE AS written
    FOR EACH STATEMENT EXECUTE FUNCTION standing_follows();

CREATE TABLE alias (
    ndas bigint NOT NULL,
    number integer NOT NULL,
    from_day integer,
    to_day integer,
    system text COLLATE "C" NOT NULL,
    code text COLLATE "C" NOT NULL,
    PRIMARY KEY (ndas, number)
);
CREATE INDEX alias_by_code ON alias (code, system);

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
    FOREACH parent IN ARRAY ARRAY['address', 'event'] LOOP
        EXECUTE format(
            'CREATE TABLE %1$I.%2$I (LIKE %1$I.%3$I INCLUDING CONSTRAINTS, '
            'CHECK (ndas >= %4$s AND ndas < %5$s))',
            'geoaddr', parent || '_' || suffix, parent, first, first + 100000000);
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
REVOKE ALL ON FUNCTION make_partition(integer) FROM PUBLIC;
