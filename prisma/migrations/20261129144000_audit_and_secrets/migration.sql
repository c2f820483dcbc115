-- ── Secrets ────────────────────────────────────────────────────────────────────────────────────

-- Keys that seal what is stored sealed, each wrapped with the installation's secret: `wraps` holds
-- [{"secret": id of the secret, "key": base64}], the newest first, and the one before while instances with
-- the earlier secret still run. The one with the workspace 00000000-… seals what belongs to the installation.
CREATE TABLE data_key (
  workspace_id  uuid NOT NULL,
  id            uuid NOT NULL UNIQUE,
  wraps         json NOT NULL CHECK (json_array_length(wraps) BETWEEN 1 AND 2),
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  -- From then on nothing is sealed with it; what was, is sealed anew.
  retired_at    timestamptz(3),
  PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX data_key_active ON data_key (workspace_id) WHERE retired_at IS NULL;

-- `api_key_id` has named the secret that sealed the key; now it names the data key, which cannot go before it.
ALTER TABLE ai_configuration
  ADD COLUMN data_key_id uuid GENERATED ALWAYS AS (CASE WHEN char_length(api_key_id) = 36 THEN api_key_id::uuid END) STORED,
  ADD FOREIGN KEY (workspace_id, data_key_id) REFERENCES data_key (workspace_id, id);

ALTER TABLE person_second_factor
  ADD COLUMN data_key_id uuid GENERATED ALWAYS AS (CASE WHEN char_length(key_id) = 36 THEN key_id::uuid END) STORED,
  ADD FOREIGN KEY (data_key_id) REFERENCES data_key (id);

-- The id of the secret that the installation works with, so that an instance with another one notices.
CREATE TABLE known_secret (
  id           boolean PRIMARY KEY DEFAULT true CHECK (id),
  secret_id    text COLLATE "C" NOT NULL,
  -- The secret before, while instances with it still run.
  previous_id  text COLLATE "C",
  changed_at   timestamptz(3) NOT NULL DEFAULT now()
);

-- ── The audit log ──────────────────────────────────────────────────────────────────────────────

CREATE INDEX audit_event_by_on_behalf_of ON audit_event (workspace_id, on_behalf_of, occurred_at DESC, id DESC)
  WHERE on_behalf_of IS NOT NULL;
CREATE INDEX audit_event_by_key ON audit_event (workspace_id, key_id, occurred_at DESC, id DESC)
  WHERE key_id IS NOT NULL;
CREATE INDEX audit_event_by_client ON audit_event (workspace_id, client_id, occurred_at DESC, id DESC)
  WHERE client_id IS NOT NULL;
CREATE INDEX audit_event_by_address ON audit_event (workspace_id, address, occurred_at DESC, id DESC)
  WHERE address IS NOT NULL;
CREATE INDEX audit_event_by_kind ON audit_event (workspace_id, target_kind, occurred_at DESC, id DESC);
-- All actions of a kind: `session.` for those of sessions.
CREATE INDEX audit_event_by_kind_of_action
  ON audit_event (workspace_id, split_part(action, '.', 1), occurred_at DESC, id DESC);
CREATE INDEX actor_by_display ON actor (workspace_id, display);

-- A row never changes. It goes only by expire_audit, which names the workspace in a transaction-local setting, and not
-- before it is 30 days old.
CREATE FUNCTION incipit_guard_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('incipit.expiring', true) = OLD.workspace_id::text
     AND OLD.occurred_at < now() - interval '30 days'
  THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER audit_event_append_only ON audit_event;
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION incipit_guard_audit();

-- Deletes at most p_most rows of a workspace that are older than p_days, the oldest first, and leaves a row that says
-- how many went. The older of both clocks counts, the caller's and that of the database.
CREATE FUNCTION expire_audit(p_workspace uuid, p_days integer, p_now timestamptz, p_most integer)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_before timestamptz(3) := least(p_now, now()) - make_interval(days => p_days);
  v_actor uuid;
  v_deleted integer;
  v_revision bigint;
BEGIN
  IF p_days IS NULL OR p_days < 30 THEN
    RAISE EXCEPTION 'the audit log is kept for 30 days at least' USING ERRCODE = 'invalid_parameter_value';
  END IF;
  SELECT id INTO STRICT v_actor FROM actor WHERE workspace_id = p_workspace AND builtin = 'system';
  PERFORM set_config('incipit.expiring', p_workspace::text, true);
  DELETE FROM audit_event WHERE workspace_id = p_workspace AND id IN (
    SELECT id FROM audit_event WHERE workspace_id = p_workspace AND occurred_at < v_before
    ORDER BY occurred_at, id LIMIT p_most);
  GET DIAGNOSTICS v_deleted = ROW_COUNT;
  PERFORM set_config('incipit.expiring', '', true);
  IF v_deleted > 0 THEN
    UPDATE workspace SET revision = revision + 1 WHERE id = p_workspace RETURNING revision INTO v_revision;
    INSERT INTO audit_event (id, workspace_id, revision, actor_id, action, target_kind, target_id, target_name, after)
      VALUES (gen_random_uuid(), p_workspace, v_revision, v_actor, 'audit.expire', 'workspace', p_workspace, 'audit log',
        json_build_object('deleted', v_deleted, 'before', v_before));
  END IF;
  RETURN v_deleted;
END $$;

DO $$
BEGIN
  EXECUTE format('ALTER FUNCTION expire_audit(uuid, integer, timestamptz, integer) SECURITY DEFINER SET search_path = %I, pg_temp',
    current_schema());
  REVOKE EXECUTE ON FUNCTION expire_audit(uuid, integer, timestamptz, integer) FROM PUBLIC;
END $$;
