-- The events of all addresses in one order: that of commits, so that a reader who has seen a position never needs to
-- look before it. There are gaps where a transaction was undone.

CREATE TABLE feed (
    position bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY CHECK (position > 0),
    ndas bigint NOT NULL,
    number integer NOT NULL
);
INSERT INTO feed (ndas, number) SELECT ndas, number FROM event ORDER BY at_ms, ndas, number;

CREATE TRIGGER feed_is_never_changed BEFORE UPDATE OR DELETE ON feed
    FOR EACH ROW EXECUTE FUNCTION forbid('the order of events is for life');
CREATE TRIGGER feed_is_never_emptied BEFORE TRUNCATE ON feed
    EXECUTE FUNCTION forbid('the order of events is for life');

-- Gives events the next positions, in the order of the arrays. Whoever calls this is alone in it until the end of the
-- transaction, so it is called last. A lock of a transaction is let go when all can see what was committed.
CREATE FUNCTION tell(codes bigint[], numbers integer[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, geoaddr AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(1734435954, -4);
    INSERT INTO feed (ndas, number)
        SELECT told.ndas, told.number FROM unnest(codes, numbers) WITH ORDINALITY AS told (ndas, number, n)
        ORDER BY told.n;
END $$;
REVOKE ALL ON FUNCTION tell(bigint[], integer[]) FROM PUBLIC;
