-- The foundation: every table carries workspace_id and every foreign key is composite, so that a row
-- can never point into another workspace. Text that is compared or sorted is COLLATE "C": the same
-- order on every server, and plain indexes serve prefix searches.

CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- ── Workspaces and actors ──────────────────────────────────────────────────────────────────────

CREATE TABLE workspace (
  id          uuid PRIMARY KEY,
  slug        text COLLATE "C" NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  -- Raised by every change inside its transaction; the row lock keeps revisions in commit order.
  revision    bigint NOT NULL DEFAULT 0 CHECK (revision BETWEEN 0 AND 9007199254740991),
  created_at  timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE actor (
  id            uuid PRIMARY KEY,
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  kind          text NOT NULL CHECK (kind IN ('person', 'key', 'client', 'system')),
  display       text NOT NULL CHECK (char_length(display) BETWEEN 1 AND 200),
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  UNIQUE (workspace_id, kind, display)
);

-- ── Categories ─────────────────────────────────────────────────────────────────────────────────

CREATE TABLE category (
  id            uuid PRIMARY KEY,
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  slug          text COLLATE "C" NOT NULL CHECK (slug ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  description   text NOT NULL DEFAULT '' CHECK (char_length(description) <= 2000),
  color         text NOT NULL CHECK (color ~ '^#[0-9a-f]{6}$'),
  position      integer NOT NULL CHECK (position >= 0),
  created_by    uuid NOT NULL,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  updated_at    timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  UNIQUE (workspace_id, slug),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);
CREATE INDEX category_by_position ON category (workspace_id, position, slug);

-- ── Prompts ────────────────────────────────────────────────────────────────────────────────────

CREATE TABLE prompt_template (
  id            uuid PRIMARY KEY,
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  name          text COLLATE "C" NOT NULL
                CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,63}$' AND name <> 'new'),
  category_id   uuid,
  tags          text[] COLLATE "C" NOT NULL DEFAULT '{}' CHECK (cardinality(tags) <= 50),
  archived_at   timestamptz(3),
  -- The number behind the ETag: raised by every change to the prompt.
  revision      integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  next_version  integer NOT NULL DEFAULT 1 CHECK (next_version > 0),
  created_by    uuid NOT NULL,
  updated_by    uuid NOT NULL,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  updated_at    timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  UNIQUE (workspace_id, name),
  FOREIGN KEY (workspace_id, category_id) REFERENCES category (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id),
  FOREIGN KEY (workspace_id, updated_by) REFERENCES actor (workspace_id, id)
);
-- One partial index for each sort that the list of active prompts offers, and one for the archive.
CREATE INDEX prompt_active_by_name ON prompt_template (workspace_id, name) WHERE archived_at IS NULL;
CREATE INDEX prompt_active_by_updated ON prompt_template (workspace_id, updated_at DESC, id DESC) WHERE archived_at IS NULL;
CREATE INDEX prompt_active_by_created ON prompt_template (workspace_id, created_at DESC, id DESC) WHERE archived_at IS NULL;
CREATE INDEX prompt_active_by_category ON prompt_template (workspace_id, category_id, name) WHERE archived_at IS NULL;
CREATE INDEX prompt_archived_by_name ON prompt_template (workspace_id, name) WHERE archived_at IS NOT NULL;
CREATE INDEX prompt_archived_by_updated ON prompt_template (workspace_id, updated_at DESC, id DESC) WHERE archived_at IS NOT NULL;
CREATE INDEX prompt_archived_by_created ON prompt_template (workspace_id, created_at DESC, id DESC) WHERE archived_at IS NOT NULL;
CREATE INDEX prompt_by_category ON prompt_template (workspace_id, category_id);
CREATE INDEX prompt_by_tags ON prompt_template USING gin (tags);

-- Names and aliases share one key space: a name is taken whichever of the two holds it.
CREATE TABLE prompt_name (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  name          text COLLATE "C" NOT NULL
                CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,63}$' AND name <> 'new'),
  prompt_id     uuid NOT NULL,
  is_alias      boolean NOT NULL,
  PRIMARY KEY (workspace_id, name),
  UNIQUE (workspace_id, prompt_id, name),
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX prompt_name_one_current ON prompt_name (workspace_id, prompt_id) WHERE NOT is_alias;
-- A prompt's current name is always one of its rows here; deferred, since the two rows need each other.
ALTER TABLE prompt_template
  ADD CONSTRAINT prompt_template_current_name
  FOREIGN KEY (workspace_id, id, name) REFERENCES prompt_name (workspace_id, prompt_id, name)
  DEFERRABLE INITIALLY DEFERRED;

CREATE TABLE prompt_version (
  id                uuid PRIMARY KEY,
  workspace_id      uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  prompt_id         uuid NOT NULL,
  number            integer NOT NULL CHECK (number > 0),
  kind              text NOT NULL CHECK (kind IN ('text', 'chat')),
  -- The canonical JSON text is the truth (the checksum is taken over it); the jsonb is derived.
  content           text NOT NULL,
  content_json      jsonb GENERATED ALWAYS AS (content::jsonb) STORED,
  -- json, not jsonb: the order of keys is content.
  variables         json NOT NULL DEFAULT '[]' CHECK (json_typeof(variables) = 'array'),
  config            json NOT NULL DEFAULT '{}' CHECK (json_typeof(config) = 'object'),
  title             text NOT NULL DEFAULT '' CHECK (char_length(title) <= 200),
  description       text NOT NULL DEFAULT '' CHECK (char_length(description) <= 4000),
  publish_prompt    boolean NOT NULL DEFAULT true,
  publish_tool      boolean NOT NULL DEFAULT false,
  message           text NOT NULL DEFAULT '' CHECK (char_length(message) <= 2000),
  checksum          text COLLATE "C" NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$'),
  checksum_v        integer NOT NULL CHECK (checksum_v > 0),
  renderer_version  text NOT NULL,
  created_by        uuid NOT NULL,
  created_at        timestamptz(3) NOT NULL DEFAULT now(),
  redacted_at       timestamptz(3),
  UNIQUE (workspace_id, id),
  UNIQUE (workspace_id, prompt_id, number),
  -- For the foreign keys of includes. In this order, so that it is never taken for finding a number.
  UNIQUE (workspace_id, id, prompt_id),
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);
CREATE INDEX prompt_version_tools ON prompt_version (workspace_id, prompt_id, number) WHERE publish_tool;

-- The pinned closure of a version: depth 1 as written in its text, deeper ones through its includes.
CREATE TABLE version_include (
  workspace_id         uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  version_id           uuid NOT NULL,
  ref                  text COLLATE "C" NOT NULL,
  included_version_id  uuid NOT NULL,
  included_prompt_id   uuid NOT NULL,
  depth                integer NOT NULL CHECK (depth BETWEEN 1 AND 5),
  PRIMARY KEY (workspace_id, version_id, included_version_id, ref, depth),
  CHECK (version_id <> included_version_id),
  FOREIGN KEY (workspace_id, version_id) REFERENCES prompt_version (workspace_id, id),
  FOREIGN KEY (workspace_id, included_prompt_id, included_version_id)
    REFERENCES prompt_version (workspace_id, prompt_id, id)
);
CREATE INDEX version_include_used_by ON version_include (workspace_id, included_prompt_id, version_id) WHERE depth = 1;

CREATE TABLE prompt_label (
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  prompt_id       uuid NOT NULL,
  label           text COLLATE "C" NOT NULL
                  CHECK (label ~ '^[a-z0-9][a-z0-9_-]{0,63}$' AND label <> 'latest' AND label !~ '^[0-9]+$'),
  version_number  integer NOT NULL,
  updated_by      uuid NOT NULL,
  updated_at      timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, prompt_id, label),
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, prompt_id, version_number) REFERENCES prompt_version (workspace_id, prompt_id, number),
  FOREIGN KEY (workspace_id, updated_by) REFERENCES actor (workspace_id, id)
);
CREATE INDEX prompt_label_by_label ON prompt_label (workspace_id, label, prompt_id);

CREATE TABLE label_event (
  id            uuid PRIMARY KEY,
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  prompt_id     uuid NOT NULL,
  label         text COLLATE "C" NOT NULL,
  from_version  integer,
  to_version    integer,
  actor_id      uuid NOT NULL,
  occurred_at   timestamptz(3) NOT NULL DEFAULT now(),
  CHECK (from_version IS NOT NULL OR to_version IS NOT NULL),
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id),
  FOREIGN KEY (workspace_id, prompt_id, from_version) REFERENCES prompt_version (workspace_id, prompt_id, number),
  FOREIGN KEY (workspace_id, prompt_id, to_version) REFERENCES prompt_version (workspace_id, prompt_id, number),
  FOREIGN KEY (workspace_id, actor_id) REFERENCES actor (workspace_id, id)
);
CREATE INDEX label_event_by_prompt ON label_event (workspace_id, prompt_id, occurred_at DESC, id DESC);

CREATE TABLE prompt_example (
  id            uuid PRIMARY KEY,
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  prompt_id     uuid NOT NULL,
  name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
  "values"      json NOT NULL CHECK (json_typeof("values") = 'object'),
  created_by    uuid NOT NULL,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, prompt_id, name),
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);

-- The newest version's text, denormalised: one row a prompt, so that search reads one index.
CREATE TABLE prompt_search (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  prompt_id     uuid NOT NULL,
  name          text NOT NULL,
  title         text NOT NULL,
  description   text NOT NULL,
  body          text NOT NULL,
  document      tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', replace(replace(name, '_', ' '), '-', ' ') || ' ' || title), 'A') ||
    setweight(to_tsvector('english', title || ' ' || description), 'B') ||
    setweight(to_tsvector('english', left(body, 200000)), 'D')
  ) STORED,
  trigrams      text GENERATED ALWAYS AS (lower(name || ' ' || title || ' ' || description || ' ' || body)) STORED,
  PRIMARY KEY (workspace_id, prompt_id),
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id) ON DELETE CASCADE
);
CREATE INDEX prompt_search_document ON prompt_search USING gin (document);
CREATE INDEX prompt_search_trigrams ON prompt_search USING gin (trigrams gin_trgm_ops);

-- At most p_limit prompts: first those in which the words occur in any form, then those in which each of up
-- to four patterns occurs somewhere. Always by the two indexes: PostgreSQL takes an unknown word for a frequent one,
-- and would read the whole table to find nothing. (A comparison that no index serves keeps it from reading
-- the workspace instead.)
CREATE FUNCTION search_prompts(p_workspace uuid, p_words tsquery, p_patterns text[], p_limit integer)
RETURNS TABLE (prompt_id uuid) LANGUAGE sql STABLE SET enable_seqscan = off AS $$
  SELECT found.prompt_id FROM (
    (SELECT s.prompt_id FROM prompt_search s
      WHERE s.document @@ p_words AND s.workspace_id IS NOT DISTINCT FROM p_workspace LIMIT p_limit)
    UNION ALL
    (SELECT s.prompt_id FROM prompt_search s
      WHERE s.trigrams LIKE p_patterns[1] AND s.trigrams LIKE coalesce(p_patterns[2], p_patterns[1])
        AND s.trigrams LIKE coalesce(p_patterns[3], p_patterns[1])
        AND s.trigrams LIKE coalesce(p_patterns[4], p_patterns[1])
        AND (s.document @@ p_words) IS NOT TRUE AND s.workspace_id IS NOT DISTINCT FROM p_workspace LIMIT p_limit)
  ) found LIMIT p_limit
$$;

-- ── Usage ──────────────────────────────────────────────────────────────────────────────────────

-- Daily partitions are made ahead by the app; what arrives without one lands in the default.
CREATE TABLE prompt_usage (
  id              uuid NOT NULL,
  occurred_at     timestamptz(3) NOT NULL,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  prompt_id       uuid,
  version_number  integer,
  label           text COLLATE "C",
  operation       text NOT NULL CHECK (operation IN ('get', 'render', 'tool')),
  tool            text,
  surface         text NOT NULL CHECK (surface IN ('mcp', 'rest', 'browser')),
  client_name     text,
  client_version  text,
  actor_id        uuid NOT NULL,
  outcome         text NOT NULL,
  duration_us     integer NOT NULL CHECK (duration_us >= 0),
  PRIMARY KEY (occurred_at, id),
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id),
  FOREIGN KEY (workspace_id, actor_id) REFERENCES actor (workspace_id, id)
) PARTITION BY RANGE (occurred_at);
CREATE TABLE prompt_usage_default PARTITION OF prompt_usage DEFAULT;
CREATE INDEX prompt_usage_by_prompt ON prompt_usage (workspace_id, prompt_id, occurred_at DESC);

-- Latency is kept as histogram buckets, because percentiles cannot be merged and counts can.
CREATE TABLE usage_hour (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
  prompt_id       uuid,
  version_number  integer,
  label           text COLLATE "C",
  operation       text NOT NULL CHECK (operation IN ('get', 'render', 'tool')),
  surface         text NOT NULL CHECK (surface IN ('mcp', 'rest', 'browser')),
  client_name     text,
  total           bigint NOT NULL CHECK (total >= 0),
  failed          bigint NOT NULL CHECK (failed BETWEEN 0 AND total),
  duration_us     bigint NOT NULL CHECK (duration_us >= 0),
  -- The histogram, sparse: which buckets hold something, and how much. Most hours fill a few of them.
  bucket_numbers  smallint[] NOT NULL,
  bucket_counts   bigint[] NOT NULL CHECK (cardinality(bucket_counts) = cardinality(bucket_numbers)),
  last_at         timestamptz(3) NOT NULL,
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id)
);
CREATE UNIQUE INDEX usage_hour_key ON usage_hour
  (workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name) NULLS NOT DISTINCT;
CREATE INDEX usage_hour_by_prompt ON usage_hour (workspace_id, prompt_id, hour);

-- ── AI configurations and generations ──────────────────────────────────────────────────────────

CREATE TABLE ai_configuration (
  id                        uuid PRIMARY KEY,
  workspace_id              uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  name                      text COLLATE "C" NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9_-]{0,63}$'),
  provider                  text NOT NULL CHECK (char_length(provider) BETWEEN 1 AND 64),
  model                     text NOT NULL CHECK (char_length(model) BETWEEN 1 AND 200),
  base_url                  text,
  max_tokens                integer CHECK (max_tokens > 0),
  temperature               double precision CHECK (temperature BETWEEN 0 AND 2),
  top_p                     double precision CHECK (top_p > 0 AND top_p <= 1),
  system_text               text,
  input_price_per_million   numeric(14, 6) CHECK (input_price_per_million >= 0),
  output_price_per_million  numeric(14, 6) CHECK (output_price_per_million >= 0),
  requests_per_minute       integer CHECK (requests_per_minute > 0),
  tokens_per_minute         integer CHECK (tokens_per_minute > 0),
  monthly_token_quota       bigint CHECK (monthly_token_quota BETWEEN 0 AND 9007199254740991),
  monthly_cost_quota        numeric(14, 6) CHECK (monthly_cost_quota >= 0),
  fallback_id               uuid CHECK (fallback_id <> id),
  -- AES-256-GCM, sealed with the row's identity as additional data; null: the key comes from the environment.
  api_key_sealed            bytea,
  api_key_id                text,
  active                    boolean NOT NULL DEFAULT true,
  revision                  integer NOT NULL DEFAULT 1 CHECK (revision > 0),
  created_by                uuid NOT NULL,
  created_at                timestamptz(3) NOT NULL DEFAULT now(),
  updated_at                timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  UNIQUE (workspace_id, name),
  CHECK ((api_key_sealed IS NULL) = (api_key_id IS NULL)),
  FOREIGN KEY (workspace_id, fallback_id) REFERENCES ai_configuration (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);

CREATE TABLE generated_content (
  id                 uuid PRIMARY KEY,
  workspace_id       uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  prompt_id          uuid NOT NULL,
  version_number     integer NOT NULL,
  label              text COLLATE "C",
  checksum           text COLLATE "C" NOT NULL CHECK (checksum ~ '^[0-9a-f]{64}$'),
  variables          json NOT NULL,
  messages           json NOT NULL,
  configuration_id   uuid,
  configuration      json NOT NULL,
  queue              text NOT NULL CHECK (queue IN ('interactive', 'batch')),
  status             text NOT NULL CHECK (status IN ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  text               text,
  input_tokens       integer CHECK (input_tokens >= 0),
  output_tokens      integer CHECK (output_tokens >= 0),
  cost               numeric(20, 10) CHECK (cost >= 0),
  error_code         text,
  error_message      text,
  batch_id           uuid,
  cancel_requested_at timestamptz(3),
  created_by         uuid NOT NULL,
  created_at         timestamptz(3) NOT NULL DEFAULT now(),
  started_at         timestamptz(3),
  finished_at        timestamptz(3),
  UNIQUE (workspace_id, id),
  CHECK ((status IN ('succeeded', 'failed', 'cancelled')) = (finished_at IS NOT NULL)),
  FOREIGN KEY (workspace_id, prompt_id, version_number) REFERENCES prompt_version (workspace_id, prompt_id, number),
  FOREIGN KEY (workspace_id, configuration_id) REFERENCES ai_configuration (workspace_id, id),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);
CREATE INDEX generated_content_by_created ON generated_content (workspace_id, created_at DESC, id DESC);
CREATE INDEX generated_content_by_prompt ON generated_content (workspace_id, prompt_id, created_at DESC, id DESC);
CREATE INDEX generated_content_by_batch ON generated_content (workspace_id, batch_id) WHERE batch_id IS NOT NULL;
CREATE INDEX generated_content_unfinished ON generated_content (status, created_at) WHERE status IN ('queued', 'running');

-- Cost is unique per (generation, attempt): a retried step cannot charge twice.
CREATE TABLE generation_attempt (
  id                   uuid PRIMARY KEY,
  workspace_id         uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  generation_id        uuid NOT NULL,
  attempt              integer NOT NULL CHECK (attempt > 0),
  configuration_id     uuid,
  provider             text NOT NULL,
  model                text NOT NULL,
  provider_request_id  text,
  input_tokens         integer CHECK (input_tokens >= 0),
  output_tokens        integer CHECK (output_tokens >= 0),
  cost                 numeric(20, 10) CHECK (cost >= 0),
  latency_ms           integer CHECK (latency_ms >= 0),
  error_code           text,
  error_message        text,
  started_at           timestamptz(3) NOT NULL,
  finished_at          timestamptz(3),
  UNIQUE (workspace_id, generation_id, attempt),
  FOREIGN KEY (workspace_id, generation_id) REFERENCES generated_content (workspace_id, id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, configuration_id) REFERENCES ai_configuration (workspace_id, id)
);
CREATE INDEX generation_attempt_by_configuration ON generation_attempt (workspace_id, configuration_id, started_at);

-- ── Audit and idempotency ──────────────────────────────────────────────────────────────────────

CREATE TABLE audit_event (
  id            uuid PRIMARY KEY,
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  revision      bigint NOT NULL,
  occurred_at   timestamptz(3) NOT NULL DEFAULT now(),
  actor_id      uuid NOT NULL,
  action        text COLLATE "C" NOT NULL,
  target_kind   text COLLATE "C" NOT NULL,
  target_id     uuid NOT NULL,
  target_name   text COLLATE "C" NOT NULL,
  before        json,
  after         json,
  -- Which agents' lists the change touched, so that an instance that missed the notification can catch up.
  lists         json NOT NULL DEFAULT '[]',
  request_id    text,
  FOREIGN KEY (workspace_id, actor_id) REFERENCES actor (workspace_id, id)
);
CREATE INDEX audit_event_by_revision ON audit_event (workspace_id, revision);
CREATE INDEX audit_event_by_time ON audit_event (workspace_id, occurred_at DESC, id DESC);
CREATE INDEX audit_event_by_target ON audit_event (workspace_id, target_id, occurred_at DESC, id DESC);
-- What is gone can still be asked for by its name.
CREATE INDEX audit_event_deletions ON audit_event (workspace_id, target_name) WHERE action = 'category.delete';
CREATE INDEX audit_event_by_action ON audit_event (workspace_id, action, occurred_at DESC, id DESC);
CREATE INDEX audit_event_by_actor ON audit_event (workspace_id, actor_id, occurred_at DESC, id DESC);

CREATE TABLE idempotency_key (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  actor_id      uuid NOT NULL,
  route         text COLLATE "C" NOT NULL,
  key           text COLLATE "C" NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
  body_hash     text COLLATE "C" NOT NULL,
  answer        json NOT NULL,
  created_at    timestamptz(3) NOT NULL DEFAULT now(),
  expires_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (workspace_id, actor_id, route, key),
  FOREIGN KEY (workspace_id, actor_id) REFERENCES actor (workspace_id, id)
);
CREATE INDEX idempotency_key_expiry ON idempotency_key (expires_at);

-- ── What never changes ─────────────────────────────────────────────────────────────────────────

CREATE FUNCTION incipit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
  FOR EACH ROW EXECUTE FUNCTION incipit_refuse_change();
CREATE TRIGGER label_event_append_only BEFORE UPDATE OR DELETE ON label_event
  FOR EACH ROW EXECUTE FUNCTION incipit_refuse_change();
CREATE TRIGGER version_include_append_only BEFORE UPDATE OR DELETE ON version_include
  FOR EACH ROW EXECUTE FUNCTION incipit_refuse_change();

-- TRUNCATE fires no row trigger; refuse it too.
CREATE TRIGGER audit_event_no_truncate BEFORE TRUNCATE ON audit_event
  FOR EACH STATEMENT EXECUTE FUNCTION incipit_refuse_change();
CREATE TRIGGER prompt_version_no_truncate BEFORE TRUNCATE ON prompt_version
  FOR EACH STATEMENT EXECUTE FUNCTION incipit_refuse_change();

-- A version never changes but for its redaction, which only redact_prompt_version may do: it names the
-- version in a transaction-local setting, and even then just the content and the mark may differ.
CREATE FUNCTION incipit_guard_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND current_setting('incipit.redacting', true) = OLD.id::text
     AND OLD.redacted_at IS NULL AND NEW.redacted_at IS NOT NULL
     AND (NEW.id, NEW.workspace_id, NEW.prompt_id, NEW.number, NEW.kind, NEW.publish_prompt, NEW.publish_tool,
          NEW.checksum, NEW.checksum_v, NEW.renderer_version, NEW.created_by, NEW.created_at)
       = (OLD.id, OLD.workspace_id, OLD.prompt_id, OLD.number, OLD.kind, OLD.publish_prompt, OLD.publish_tool,
          OLD.checksum, OLD.checksum_v, OLD.renderer_version, OLD.created_by, OLD.created_at)
  THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'prompt_version is immutable: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER prompt_version_immutable BEFORE UPDATE OR DELETE ON prompt_version
  FOR EACH ROW EXECUTE FUNCTION incipit_guard_version();

-- Erases a version's content (a pasted secret, say) and leaves the row, its number and its checksum.
CREATE FUNCTION redact_prompt_version(p_workspace uuid, p_version uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  v_kind text;
BEGIN
  SELECT kind INTO v_kind FROM prompt_version
    WHERE workspace_id = p_workspace AND id = p_version AND redacted_at IS NULL FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'no such version, or it is redacted already' USING ERRCODE = 'no_data_found';
  END IF;
  PERFORM set_config('incipit.redacting', p_version::text, true);
  UPDATE prompt_version SET
    content = CASE v_kind WHEN 'text' THEN '{"template_content":""}' ELSE '{"messages":[]}' END,
    variables = '[]', config = '{}', title = '', description = '', message = '', redacted_at = now()
    WHERE workspace_id = p_workspace AND id = p_version;
  PERFORM set_config('incipit.redacting', '', true);
END $$;

-- Makes the daily partitions of prompt_usage from p_from for p_days days; safe to call from every instance.
CREATE FUNCTION ensure_usage_partitions(p_from date, p_days integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  v_day date;
  v_name text;
  v_made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('incipit.usage_partitions'));
  FOR v_day IN SELECT p_from + i FROM generate_series(0, p_days - 1) AS i LOOP
    v_name := 'prompt_usage_' || to_char(v_day, 'YYYYMMDD');
    IF to_regclass(format('%I.%I', current_schema(), v_name)) IS NULL THEN
      EXECUTE format('CREATE TABLE %I PARTITION OF prompt_usage FOR VALUES FROM (%L) TO (%L)',
        v_name, v_day::timestamp AT TIME ZONE 'UTC', (v_day + 1)::timestamp AT TIME ZONE 'UTC');
      v_made := v_made + 1;
    END IF;
  END LOOP;
  RETURN v_made;
END $$;
