-- Works beside versions from 0.2.0 on.
-- What generations cost, summed up, and prices that have dates.

-- ── Spending ───────────────────────────────────────────────────────────────────────────────────

-- The client that asked, by the name that it gives itself.
ALTER TABLE generated_content ADD COLUMN client_name text;

-- Whether a row is in the sums below. A version that knows no sums leaves it false, and its rows are added later.
ALTER TABLE generated_content ADD COLUMN counted boolean NOT NULL DEFAULT false;
ALTER TABLE generation_attempt ADD COLUMN counted boolean NOT NULL DEFAULT false;
CREATE INDEX generated_content_uncounted ON generated_content (workspace_id, finished_at)
  WHERE NOT counted AND finished_at IS NOT NULL;
CREATE INDEX generation_attempt_uncounted ON generation_attempt (workspace_id, settled_at)
  WHERE NOT counted AND settled_at IS NOT NULL;

-- Sums over attempts that are settled and generations that have ended, by the hour of UTC in which they did. All
-- tables are written by one statement, together with the marks above (lib/usage/spending/count-spending.ts), so that
-- each row is in all of them or in none. In the tables of days and months `hour` is the first hour.

-- Everything that is told apart.
CREATE TABLE spending_hour (
  id                  uuid PRIMARY KEY,
  workspace_id        uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour                timestamptz(0) NOT NULL,
  prompt_id           uuid,
  version_number      integer,
  label               text COLLATE "C",
  configuration_id    uuid,
  configuration_name  text COLLATE "C" NOT NULL,
  provider            text NOT NULL,
  model               text NOT NULL,
  surface             text NOT NULL,
  client_name         text,
  actor_id            uuid NOT NULL,
  generations         bigint NOT NULL,
  generations_failed  bigint NOT NULL,
  attempts            bigint NOT NULL,
  attempts_failed     bigint NOT NULL,
  unpriced            bigint NOT NULL,
  input_tokens        bigint NOT NULL,
  output_tokens       bigint NOT NULL,
  latency_ms          bigint NOT NULL,
  latency_count       bigint NOT NULL,
  queue_ms            bigint NOT NULL,
  queue_count         bigint NOT NULL,
  first_token_ms      bigint NOT NULL,
  first_token_count   bigint NOT NULL,
  cost                numeric(30, 10) NOT NULL
);
CREATE UNIQUE INDEX spending_hour_key ON spending_hour (workspace_id, hour, prompt_id, version_number, label, configuration_id,
  configuration_name, provider, model, surface, client_name, actor_id) NULLS NOT DISTINCT;
CREATE INDEX spending_hour_by_prompt ON spending_hour (workspace_id, prompt_id, hour);

-- The same by days of UTC.
CREATE TABLE spending_day (
  id                  uuid PRIMARY KEY,
  workspace_id        uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour                timestamptz(0) NOT NULL,
  prompt_id           uuid,
  version_number      integer,
  label               text COLLATE "C",
  configuration_id    uuid,
  configuration_name  text COLLATE "C" NOT NULL,
  provider            text NOT NULL,
  model               text NOT NULL,
  surface             text NOT NULL,
  client_name         text,
  actor_id            uuid NOT NULL,
  generations         bigint NOT NULL,
  generations_failed  bigint NOT NULL,
  attempts            bigint NOT NULL,
  attempts_failed     bigint NOT NULL,
  unpriced            bigint NOT NULL,
  input_tokens        bigint NOT NULL,
  output_tokens       bigint NOT NULL,
  latency_ms          bigint NOT NULL,
  latency_count       bigint NOT NULL,
  queue_ms            bigint NOT NULL,
  queue_count         bigint NOT NULL,
  first_token_ms      bigint NOT NULL,
  first_token_count   bigint NOT NULL,
  cost                numeric(30, 10) NOT NULL
);
CREATE UNIQUE INDEX spending_day_key ON spending_day (workspace_id, hour, prompt_id, version_number, label, configuration_id,
  configuration_name, provider, model, surface, client_name, actor_id) NULLS NOT DISTINCT;
CREATE INDEX spending_day_by_prompt ON spending_day (workspace_id, prompt_id, hour);

-- The same by months of UTC.
CREATE TABLE spending_month (
  id                  uuid PRIMARY KEY,
  workspace_id        uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour                timestamptz(0) NOT NULL,
  prompt_id           uuid,
  version_number      integer,
  label               text COLLATE "C",
  configuration_id    uuid,
  configuration_name  text COLLATE "C" NOT NULL,
  provider            text NOT NULL,
  model               text NOT NULL,
  surface             text NOT NULL,
  client_name         text,
  actor_id            uuid NOT NULL,
  generations         bigint NOT NULL,
  generations_failed  bigint NOT NULL,
  attempts            bigint NOT NULL,
  attempts_failed     bigint NOT NULL,
  unpriced            bigint NOT NULL,
  input_tokens        bigint NOT NULL,
  output_tokens       bigint NOT NULL,
  latency_ms          bigint NOT NULL,
  latency_count       bigint NOT NULL,
  queue_ms            bigint NOT NULL,
  queue_count         bigint NOT NULL,
  first_token_ms      bigint NOT NULL,
  first_token_count   bigint NOT NULL,
  cost                numeric(30, 10) NOT NULL
);
CREATE UNIQUE INDEX spending_month_key ON spending_month (workspace_id, hour, prompt_id, version_number, label, configuration_id,
  configuration_name, provider, model, surface, client_name, actor_id) NULLS NOT DISTINCT;

-- Hours without prompts and versions.
CREATE TABLE spending_way_hour (
  id                  uuid PRIMARY KEY,
  workspace_id        uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour                timestamptz(0) NOT NULL,
  label               text COLLATE "C",
  configuration_id    uuid,
  configuration_name  text COLLATE "C" NOT NULL,
  provider            text NOT NULL,
  model               text NOT NULL,
  surface             text NOT NULL,
  client_name         text,
  actor_id            uuid NOT NULL,
  generations         bigint NOT NULL,
  generations_failed  bigint NOT NULL,
  attempts            bigint NOT NULL,
  attempts_failed     bigint NOT NULL,
  unpriced            bigint NOT NULL,
  input_tokens        bigint NOT NULL,
  output_tokens       bigint NOT NULL,
  latency_ms          bigint NOT NULL,
  latency_count       bigint NOT NULL,
  queue_ms            bigint NOT NULL,
  queue_count         bigint NOT NULL,
  first_token_ms      bigint NOT NULL,
  first_token_count   bigint NOT NULL,
  cost                numeric(30, 10) NOT NULL
);
CREATE UNIQUE INDEX spending_way_hour_key ON spending_way_hour (workspace_id, hour, label, configuration_id,
  configuration_name, provider, model, surface, client_name, actor_id) NULLS NOT DISTINCT;

-- The same by days of UTC.
CREATE TABLE spending_way_day (
  id                  uuid PRIMARY KEY,
  workspace_id        uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour                timestamptz(0) NOT NULL,
  label               text COLLATE "C",
  configuration_id    uuid,
  configuration_name  text COLLATE "C" NOT NULL,
  provider            text NOT NULL,
  model               text NOT NULL,
  surface             text NOT NULL,
  client_name         text,
  actor_id            uuid NOT NULL,
  generations         bigint NOT NULL,
  generations_failed  bigint NOT NULL,
  attempts            bigint NOT NULL,
  attempts_failed     bigint NOT NULL,
  unpriced            bigint NOT NULL,
  input_tokens        bigint NOT NULL,
  output_tokens       bigint NOT NULL,
  latency_ms          bigint NOT NULL,
  latency_count       bigint NOT NULL,
  queue_ms            bigint NOT NULL,
  queue_count         bigint NOT NULL,
  first_token_ms      bigint NOT NULL,
  first_token_count   bigint NOT NULL,
  cost                numeric(30, 10) NOT NULL
);
CREATE UNIQUE INDEX spending_way_day_key ON spending_way_day (workspace_id, hour, label, configuration_id,
  configuration_name, provider, model, surface, client_name, actor_id) NULLS NOT DISTINCT;

-- ── Prices ─────────────────────────────────────────────────────────────────────────────────────

-- What a configuration costs from a time on, until the next row. One without a row has no known price; nor has one
-- whose row holds null.
CREATE TABLE ai_price (
  workspace_id              uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  configuration_id          uuid NOT NULL,
  valid_from                timestamptz(3) NOT NULL,
  input_price_per_million   numeric(14, 6) CHECK (input_price_per_million >= 0),
  output_price_per_million  numeric(14, 6) CHECK (output_price_per_million >= 0),
  PRIMARY KEY (workspace_id, configuration_id, valid_from),
  FOREIGN KEY (workspace_id, configuration_id) REFERENCES ai_configuration (workspace_id, id) ON DELETE CASCADE
);

-- Since when a price has been what it is, nobody wrote down: at the latest since the last change.
INSERT INTO ai_price
  SELECT workspace_id, id, updated_at, input_price_per_million, output_price_per_million FROM ai_configuration
  WHERE input_price_per_million IS NOT NULL OR output_price_per_million IS NOT NULL;

-- Sets a price from now on, unless it is the one that is valid.
CREATE FUNCTION set_ai_price(p_workspace uuid, p_configuration uuid, p_input numeric, p_output numeric) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
  v_at timestamptz := date_trunc('milliseconds', clock_timestamp());
  v_input numeric;
  v_output numeric;
BEGIN
  SELECT p.input_price_per_million, p.output_price_per_million INTO v_input, v_output FROM ai_price p
    WHERE p.workspace_id = p_workspace AND p.configuration_id = p_configuration AND p.valid_from <= v_at
    ORDER BY p.valid_from DESC LIMIT 1;
  -- Where there is no row both are null: unknown, as they are without one.
  IF v_input IS NOT DISTINCT FROM p_input AND v_output IS NOT DISTINCT FROM p_output THEN RETURN; END IF;
  INSERT INTO ai_price AS p VALUES (p_workspace, p_configuration, v_at, p_input, p_output)
    ON CONFLICT (workspace_id, configuration_id, valid_from) DO UPDATE
    SET input_price_per_million = excluded.input_price_per_million,
      output_price_per_million = excluded.output_price_per_million;
END $$;

-- The columns of ai_configuration stay for versions that know no dates: what these write gets its date here.
CREATE FUNCTION date_ai_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_ai_price(NEW.workspace_id, NEW.id, NEW.input_price_per_million, NEW.output_price_per_million);
  RETURN NULL;
END $$;
CREATE TRIGGER ai_configuration_first_price AFTER INSERT ON ai_configuration
  FOR EACH ROW EXECUTE FUNCTION date_ai_price();
CREATE TRIGGER ai_configuration_price AFTER UPDATE ON ai_configuration FOR EACH ROW
  WHEN (OLD.input_price_per_million IS DISTINCT FROM NEW.input_price_per_million
    OR OLD.output_price_per_million IS DISTINCT FROM NEW.output_price_per_million)
  EXECUTE FUNCTION date_ai_price();
