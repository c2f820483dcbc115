-- Works beside versions from 0.2.0 on.
-- In a transaction of its own: failures that are written meanwhile wait.

-- Failures know who it was, and are added up by a hash of what tells them apart: one number instead of seven columns.
ALTER TABLE usage_failure_hour ADD COLUMN actor_id uuid,
  ADD COLUMN alike bigint NOT NULL GENERATED ALWAYS AS (('x' || left(md5(
    quote_nullable(prompt_id::text) || quote_nullable(version_number::text) || quote_nullable(label)
    || quote_nullable(client_name) || quote_nullable(code) || quote_nullable(variable) || quote_nullable(asked)
  ), 16))::bit(64)::bigint) STORED;
DROP INDEX usage_failure_hour_key;
CREATE UNIQUE INDEX usage_failure_hour_key ON usage_failure_hour
  (workspace_id, hour, prompt_id, version_number, label, surface, client_name, actor_id, code, variable, asked)
  NULLS NOT DISTINCT;
CREATE INDEX usage_failure_hour_by_hour ON usage_failure_hour (workspace_id, hour)
  INCLUDE (alike, total, first_at, last_at, surface, client_name, actor_id);
CREATE INDEX usage_failure_hour_alike ON usage_failure_hour (workspace_id, alike);

-- On which days of a month of UTC each prompt was used, as bits: the first day is 1. They are never taken back.
CREATE TABLE usage_prompt_month_days (
  workspace_id  uuid NOT NULL REFERENCES workspace (id) ON DELETE CASCADE,
  month         date NOT NULL,
  prompt_id     uuid NOT NULL,
  days          integer NOT NULL,
  PRIMARY KEY (workspace_id, month, prompt_id)
);

-- The most used prompts of each caller of a day. All days are listed anew, with these and the days above.
ALTER TABLE usage_top DROP CONSTRAINT usage_top_way_check,
  ADD CONSTRAINT usage_top_way_check CHECK (way IN ('all', 'surface', 'client', 'actor'));
DELETE FROM usage_top WHERE unit = 'day';
DELETE FROM usage_actor_day;

-- What somebody used of the prompts that are shown.
CREATE INDEX usage_caller_day_by_actor_and_prompt ON usage_caller_day (workspace_id, actor_id, prompt_id, hour);
DROP INDEX usage_caller_day_by_actor;
