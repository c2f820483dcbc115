-- What generation needs beyond its first tables: batches, text that is still arriving, reservations against
-- limits and quotas, and where a generation came from.

-- ── AI configurations ──────────────────────────────────────────────────────────────────────────

-- Which interface of a provider that has two; null: the provider's usual one.
ALTER TABLE ai_configuration ADD COLUMN api text CHECK (api IN ('responses', 'chat_completions'));

-- A configuration may go while what it generated stays: each generation keeps a copy of its own.
ALTER TABLE ai_configuration
  DROP CONSTRAINT ai_configuration_workspace_id_fallback_id_fkey,
  ADD FOREIGN KEY (workspace_id, fallback_id) REFERENCES ai_configuration (workspace_id, id)
    ON DELETE SET NULL (fallback_id);
ALTER TABLE generated_content
  DROP CONSTRAINT generated_content_workspace_id_configuration_id_fkey,
  ADD FOREIGN KEY (workspace_id, configuration_id) REFERENCES ai_configuration (workspace_id, id)
    ON DELETE SET NULL (configuration_id);
ALTER TABLE generation_attempt
  DROP CONSTRAINT generation_attempt_workspace_id_configuration_id_fkey,
  ADD FOREIGN KEY (workspace_id, configuration_id) REFERENCES ai_configuration (workspace_id, id)
    ON DELETE SET NULL (configuration_id);
CREATE INDEX ai_configuration_by_fallback ON ai_configuration (workspace_id, fallback_id)
  WHERE fallback_id IS NOT NULL;

-- What was reserved and spent against a limit: `minute` windows for rates, `month` windows for quotas.
-- A reservation is added before the call and replaced by the real figure after it, so that the sum is exact
-- under concurrency and across instances.
CREATE TABLE ai_spending (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  -- "configuration:<id>" or "caller:<actor id>"
  subject       text COLLATE "C" NOT NULL,
  period        text COLLATE "C" NOT NULL CHECK (period IN ('minute', 'month')),
  starts_at     timestamptz(0) NOT NULL,
  requests      bigint NOT NULL DEFAULT 0 CHECK (requests >= 0),
  tokens        bigint NOT NULL DEFAULT 0 CHECK (tokens BETWEEN 0 AND 9007199254740991),
  cost          numeric(20, 10) NOT NULL DEFAULT 0 CHECK (cost >= 0),
  PRIMARY KEY (workspace_id, subject, period, starts_at)
);
CREATE INDEX ai_spending_by_age ON ai_spending (period, starts_at);

-- ── Generations ────────────────────────────────────────────────────────────────────────────────

-- One prompt over many inputs or many configurations.
CREATE TABLE generation_batch (
  id                   uuid PRIMARY KEY,
  workspace_id         uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  prompt_id            uuid NOT NULL,
  version_number       integer NOT NULL,
  label                text COLLATE "C",
  total                integer NOT NULL CHECK (total > 0),
  cancel_requested_at  timestamptz(3),
  created_by           uuid NOT NULL,
  created_at           timestamptz(3) NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, id),
  FOREIGN KEY (workspace_id, prompt_id, version_number) REFERENCES prompt_version (workspace_id, prompt_id, number),
  FOREIGN KEY (workspace_id, created_by) REFERENCES actor (workspace_id, id)
);
CREATE INDEX generation_batch_by_created ON generation_batch (workspace_id, created_at DESC, id DESC);

ALTER TABLE generated_content
  -- The edited text of a run that was not saved: it began from the version that is named.
  ADD COLUMN draft json,
  ADD COLUMN retry_of uuid,
  ADD COLUMN finish_reason text COLLATE "C",
  ADD COLUMN latency_ms integer CHECK (latency_ms >= 0),
  ADD COLUMN first_token_ms integer CHECK (first_token_ms >= 0),
  ADD COLUMN surface text COLLATE "C" NOT NULL DEFAULT 'rest' CHECK (surface IN ('mcp', 'rest', 'browser')),
  ADD COLUMN request_id text,
  ADD FOREIGN KEY (workspace_id, retry_of) REFERENCES generated_content (workspace_id, id)
    ON DELETE SET NULL (retry_of),
  ADD FOREIGN KEY (workspace_id, batch_id) REFERENCES generation_batch (workspace_id, id);
CREATE INDEX generated_content_by_status ON generated_content (workspace_id, status, created_at DESC, id DESC);
CREATE INDEX generated_content_by_configuration
  ON generated_content (workspace_id, configuration_id, created_at DESC, id DESC);
CREATE INDEX generated_content_by_retry ON generated_content (workspace_id, retry_of) WHERE retry_of IS NOT NULL;

ALTER TABLE generation_attempt
  ADD COLUMN status text COLLATE "C" NOT NULL DEFAULT 'running'
    CHECK (status IN ('waiting', 'running', 'succeeded', 'failed', 'cancelled')),
  ADD COLUMN configuration_name text COLLATE "C" NOT NULL DEFAULT '',
  -- What was set aside for it; settled once, when the real figures are known or given up.
  ADD COLUMN reserved_tokens integer NOT NULL DEFAULT 0 CHECK (reserved_tokens >= 0),
  ADD COLUMN reserved_cost numeric(20, 10) NOT NULL DEFAULT 0 CHECK (reserved_cost >= 0),
  ADD COLUMN reserved_at timestamptz(3),
  ADD COLUMN settled_at timestamptz(3),
  ADD COLUMN finish_reason text COLLATE "C",
  ADD COLUMN first_token_ms integer CHECK (first_token_ms >= 0);
CREATE INDEX generation_attempt_unsettled ON generation_attempt (started_at) WHERE settled_at IS NULL;

-- Text that has arrived while the call runs, so that any instance can stream it; `position` is the offset in
-- UTF-16 units. Gone when the generation ends, for the whole text is then in its row.
CREATE TABLE generation_chunk (
  workspace_id   uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  generation_id  uuid NOT NULL,
  attempt        integer NOT NULL CHECK (attempt > 0),
  position       integer NOT NULL CHECK (position >= 0),
  text           text NOT NULL,
  PRIMARY KEY (workspace_id, generation_id, attempt, position),
  FOREIGN KEY (workspace_id, generation_id) REFERENCES generated_content (workspace_id, id) ON DELETE CASCADE
);
