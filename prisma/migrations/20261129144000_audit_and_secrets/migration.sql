-- ── Secrets ────────────────────────────────────────────────────────────────────────────────────

-- Keys that seal what is stored sealed, each wrapped with the installation's secret: `wraps` holds
-- [{"secret": id of the secret, "key": base64}], the newest first, and the one before while instances with
-- the earlier secret still run.
CREATE TABLE data_key (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  id            uuid NOT NULL,
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

-- The id of the secret that the installation works with, so that an instance with another one notices.
CREATE TABLE known_secret (
  id           boolean PRIMARY KEY DEFAULT true CHECK (id),
  secret_id    text COLLATE "C" NOT NULL,
  -- The secret before, while instances with it still run.
  previous_id  text COLLATE "C",
  changed_at   timestamptz(3) NOT NULL DEFAULT now()
);
