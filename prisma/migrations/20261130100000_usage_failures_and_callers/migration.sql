-- Works beside versions from 0.2.0 on.
-- Why uses fail, and who uses what with which variables. What older versions write has none of it: their uses count
-- as before, without a reason and without a caller.

ALTER TABLE prompt_usage
  -- Of a use that failed: [{"code", "variable"?}].
  ADD COLUMN reasons jsonb,
  -- What was asked for and not found: "name", "name@label" or "name@3".
  ADD COLUMN asked text COLLATE "C",
  -- The declared variables that a render was given, sorted, with commas between them; '': none, '*': one of too
  -- many sets, null: nothing was rendered. Never a value.
  ADD COLUMN variables text COLLATE "C",
  -- Of a use that failed.
  ADD COLUMN request_id text,
  -- What a refused render was given, where logging.refused_values says so.
  ADD COLUMN refused_values jsonb;

-- Reasons by hour: a use that failed for two reasons is in two rows.
CREATE TABLE usage_failure_hour (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
  prompt_id       uuid,
  version_number  integer,
  label           text COLLATE "C",
  surface         text NOT NULL,
  client_name     text,
  code            text NOT NULL COLLATE "C",
  variable        text COLLATE "C",
  asked           text COLLATE "C",
  total           bigint NOT NULL CHECK (total > 0),
  first_at        timestamptz(3) NOT NULL,
  last_at         timestamptz(3) NOT NULL,
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id)
);
CREATE UNIQUE INDEX usage_failure_hour_key ON usage_failure_hour
  (workspace_id, hour, prompt_id, version_number, label, surface, client_name, code, variable, asked) NULLS NOT DISTINCT;
CREATE INDEX usage_failure_hour_by_prompt ON usage_failure_hour (workspace_id, prompt_id, version_number, code);

-- Callers by day of UTC; `hour` is its first hour.
CREATE TABLE usage_caller_day (
  id              uuid PRIMARY KEY,
  workspace_id    uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  hour            timestamptz(0) NOT NULL,
  prompt_id       uuid,
  version_number  integer,
  label           text COLLATE "C",
  surface         text NOT NULL,
  client_name     text,
  actor_id        uuid NOT NULL,
  variables       text COLLATE "C",
  gets            bigint NOT NULL,
  renders         bigint NOT NULL,
  tool_calls      bigint NOT NULL,
  failed          bigint NOT NULL CHECK (failed BETWEEN 0 AND gets + renders + tool_calls),
  last_at         timestamptz(3) NOT NULL,
  FOREIGN KEY (workspace_id, prompt_id) REFERENCES prompt_template (workspace_id, id),
  FOREIGN KEY (workspace_id, actor_id) REFERENCES actor (workspace_id, id)
);
-- A set of many long names is longer than a key may be.
CREATE UNIQUE INDEX usage_caller_day_key ON usage_caller_day
  (workspace_id, hour, prompt_id, version_number, label, surface, client_name, actor_id, md5(variables)) NULLS NOT DISTINCT;
CREATE INDEX usage_caller_day_by_prompt ON usage_caller_day (workspace_id, prompt_id, hour);
CREATE INDEX usage_caller_day_by_actor ON usage_caller_day (workspace_id, actor_id, hour);
