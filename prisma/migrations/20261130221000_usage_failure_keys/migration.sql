-- Works beside versions from 0.2.0 on.
-- Failures are added up by a hash of what tells them apart: one number instead of seven columns. In a transaction of its
-- own: failures that are written meanwhile wait.
ALTER TABLE usage_failure_hour ADD COLUMN alike bigint NOT NULL GENERATED ALWAYS AS (('x' || left(md5(
  quote_nullable(prompt_id::text) || quote_nullable(version_number::text) || quote_nullable(label)
  || quote_nullable(client_name) || quote_nullable(code) || quote_nullable(variable) || quote_nullable(asked)), 16))::bit(64)::bigint) STORED;
CREATE INDEX usage_failure_hour_by_hour ON usage_failure_hour (workspace_id, hour)
  INCLUDE (alike, total, first_at, last_at, surface, client_name);
CREATE INDEX usage_failure_hour_alike ON usage_failure_hour (workspace_id, alike);
