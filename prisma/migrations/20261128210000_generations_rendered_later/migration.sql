-- The generations of a batch keep their values; each is rendered when its turn comes. Null: not yet.
ALTER TABLE generated_content ALTER COLUMN messages DROP NOT NULL;

-- Counts what one caller has waiting.
CREATE INDEX generated_content_waiting ON generated_content (workspace_id, created_by) WHERE status = 'queued';

-- Keeps a version and what it includes from being redacted until the transaction ends; waits for a redaction
-- that has begun. Returns whether one of them is redacted. The role that serves may not change versions, and a
-- lock of a row is half a change: it acts as the owner of the table.
CREATE FUNCTION hold_prompt_version(p_workspace uuid, p_prompt uuid, p_number integer) RETURNS boolean
  LANGUAGE sql VOLATILE AS $$
  SELECT bool_or(held.is_redacted) FROM (
    SELECT v.redacted_at IS NOT NULL AS is_redacted FROM prompt_version v WHERE v.id IN (
      SELECT o.id FROM prompt_version o
      WHERE o.workspace_id = p_workspace AND o.prompt_id = p_prompt AND o.number = p_number
      UNION SELECT i.included_version_id FROM prompt_version o
      JOIN version_include i ON i.workspace_id = o.workspace_id AND i.version_id = o.id
      WHERE o.workspace_id = p_workspace AND o.prompt_id = p_prompt AND o.number = p_number
    ) ORDER BY v.id FOR SHARE
  ) AS held
$$;

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION hold_prompt_version(uuid, uuid, integer) SECURITY DEFINER SET search_path = %I, pg_temp',
    current_schema());
  REVOKE EXECUTE ON FUNCTION hold_prompt_version(uuid, uuid, integer) FROM PUBLIC;
END $$;
