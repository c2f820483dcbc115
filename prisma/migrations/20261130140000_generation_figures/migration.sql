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

-- Of those that have ended: the others get theirs at their end.
UPDATE generated_content g SET model = coalesce((
    SELECT t.model FROM generation_attempt t
    WHERE t.workspace_id = g.workspace_id AND t.generation_id = g.id AND t.status = 'succeeded' LIMIT 1
  ), g.configuration->>'model')
  WHERE g.finished_at IS NOT NULL;

-- Every filter and every figure of the list beside its order: whatever is asked for, a page and the totals are found
-- in this index alone.
CREATE INDEX generated_content_figures ON generated_content (workspace_id, created_at DESC, id DESC)
  INCLUDE (status, prompt_id, version_number, label, configuration_id, model, error_code, created_by, batch_id,
    latency_ms, first_token_ms, cost, input_tokens, output_tokens, started_at);
CREATE INDEX generated_content_by_version
  ON generated_content (workspace_id, prompt_id, version_number, created_at DESC, id DESC);
CREATE INDEX generated_content_by_error ON generated_content (workspace_id, error_code, created_at DESC, id DESC)
  WHERE error_code IS NOT NULL;
-- The last answers of a configuration, for its usual figures.
CREATE INDEX generated_content_usual ON generated_content (workspace_id, configuration_id, created_at DESC)
  INCLUDE (label, latency_ms, first_token_ms, output_tokens, cost, started_at) WHERE status = 'succeeded';

-- Two more figures that a list is sorted by.
CREATE FUNCTION generation_queue_ms(created_at timestamptz, started_at timestamptz) RETURNS bigint
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT (extract(epoch FROM started_at - created_at) * 1000)::bigint $$;
CREATE FUNCTION generation_speed(output_tokens integer, latency_ms integer, first_token_ms integer) RETURNS numeric
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  AS $$ SELECT CASE WHEN latency_ms > first_token_ms
    THEN round(output_tokens * 1000.0 / (latency_ms - first_token_ms), 2) END $$;
CREATE INDEX generated_content_by_queue
  ON generated_content (workspace_id, generation_queue_ms(created_at, started_at) DESC, id DESC)
  WHERE generation_queue_ms(created_at, started_at) IS NOT NULL;
CREATE INDEX generated_content_by_speed
  ON generated_content (workspace_id, generation_speed(output_tokens, latency_ms, first_token_ms) DESC, id DESC)
  WHERE generation_speed(output_tokens, latency_ms, first_token_ms) IS NOT NULL;
