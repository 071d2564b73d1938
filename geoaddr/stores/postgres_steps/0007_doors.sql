-- What stands at doors is told by the partitions that have it: a question over a table of eighty partitions opens all of
-- them, unless it names the first and the last code before it begins.

-- The addresses of some codes whose house number has digits in it (or that have none), each with a number of the asker's.
CREATE FUNCTION doors(asked integer[], codes bigint[], holding text[])
RETURNS TABLE (n integer, ndas bigint, commune text, division smallint, number integer, lat float8, lon float8,
    components text, point_source text, uncertainty_m float8)
LANGUAGE plpgsql STABLE AS $$
DECLARE
    first bigint;
    last bigint;
BEGIN
    SELECT min(each), max(each) INTO first, last FROM unnest(codes) AS each;
    RETURN QUERY SELECT found.n, a.ndas, a.commune, a.division, a.number, a.lat, a.lon, a.components::text,
            a.point_source, a.uncertainty_m
        FROM unnest(asked, codes, holding) AS found (n, code, digits)
        CROSS JOIN LATERAL (SELECT * FROM geoaddr.address AS one
            WHERE one.ndas = found.code AND one.ndas BETWEEN first AND last OFFSET 0) AS a
        WHERE coalesce(strpos(a.components ->> 'house_number', found.digits), 1) > 0;
END $$;
