-- Works beside versions from 0.2.0 on.

-- What a generation waited for, and when a run took it: so that its page can say why it was slow.
ALTER TABLE generated_content
  ADD COLUMN taken_at timestamptz(3),
  -- A list of {"kind", "configuration", "after_attempt", "at", "ms"}, the oldest first.
  ADD COLUMN waits jsonb,
  -- The model that answered, else the one that was asked first.
  ADD COLUMN model text;

-- Versions before this one do not write it.
CREATE FUNCTION generation_model() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.model := NEW.configuration->>'model';
  RETURN NEW;
END
$$;
CREATE TRIGGER generated_content_model BEFORE INSERT OR UPDATE ON generated_content
  FOR EACH ROW WHEN (NEW.model IS NULL) EXECUTE FUNCTION generation_model();

-- Nor do they say that another one answered than the one that was asked first. After the statement: it ends the
-- generation as well.
CREATE FUNCTION generation_answering_model() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE generated_content SET model = NEW.model
    WHERE workspace_id = NEW.workspace_id AND id = NEW.generation_id AND model IS DISTINCT FROM NEW.model;
  RETURN NULL;
END
$$;
CREATE TRIGGER generation_attempt_answering_model AFTER UPDATE ON generation_attempt
  FOR EACH ROW WHEN (NEW.status = 'succeeded' AND OLD.status <> 'succeeded' AND NEW.attempt > 1)
  EXECUTE FUNCTION generation_answering_model();

-- Two more figures that a list is sorted by.
CREATE FUNCTION generation_queue_ms(created_at timestamptz, started_at timestamptz) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT (extract(epoch FROM started_at - created_at) * 1000)::bigint $$;
CREATE FUNCTION generation_speed(output_tokens integer, latency_ms integer, first_token_ms integer) RETURNS numeric
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN latency_ms > first_token_ms
    THEN round(output_tokens * 1000.0 / (latency_ms - first_token_ms), 2) END $$;
