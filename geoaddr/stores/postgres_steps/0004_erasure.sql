-- An address may be erased on the ground of privacy (status 5, withdrawn). Its history then loses what it says of people
-- and places, and gains nothing.

ALTER TABLE address DROP CONSTRAINT address_status_check;
ALTER TABLE address ADD CONSTRAINT address_status_check CHECK (status BETWEEN 0 AND 5);
CREATE TRIGGER withdrawn_is_for_good BEFORE UPDATE ON address
    FOR EACH ROW WHEN (OLD.status = 5) EXECUTE FUNCTION forbid('a withdrawn address stays so');

CREATE FUNCTION history_only_loses() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, geoaddr AS $$
BEGIN
    IF (NEW.ndas, NEW.number, NEW.kind, NEW.at_ms) IS DISTINCT FROM (OLD.ndas, OLD.number, OLD.kind, OLD.at_ms)
        OR NEW.actor <> '' OR NEW.reason <> ''
        OR NOT EXISTS (SELECT FROM address WHERE ndas = OLD.ndas AND status = 5)
    THEN
        RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
DROP TRIGGER event_is_never_changed ON event;
CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event FOR EACH ROW EXECUTE FUNCTION history_only_loses();
CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
    FOR EACH ROW EXECUTE FUNCTION forbid('history is append-only');

-- What was asked for an address is found by its code, to be forgotten with it.
CREATE INDEX receipt_by_code ON receipt (ndas);
CREATE INDEX batch_row_by_code ON batch_row (ndas);

-- Writes over the history of a withdrawn address. A service's role may call this without the right to change events.
CREATE FUNCTION redact(code bigint, numbers integer[], actors text[], reasons text[], told text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, geoaddr AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM address WHERE ndas = code AND status = 5) THEN
        RAISE EXCEPTION 'history is append-only' USING ERRCODE = 'restrict_violation';
    END IF;
    UPDATE event AS e SET actor = kept.actor, reason = kept.reason, details = kept.details::json
        FROM unnest(numbers, actors, reasons, told) AS kept (number, actor, reason, details)
        WHERE e.ndas = code AND e.number = kept.number;
    UPDATE receipt SET digest = '' WHERE ndas = code;
    UPDATE batch_row SET digest = '' WHERE ndas = code;
END $$;
REVOKE ALL ON FUNCTION redact(bigint, integer[], text[], text[], text[]) FROM PUBLIC;
