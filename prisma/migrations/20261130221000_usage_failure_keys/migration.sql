-- Works beside versions from 0.2.0 on.
-- Failures are added up by the hash of what they are told apart by: one number instead of seven columns. In a
-- transaction of its own: failures that are written meanwhile wait.
ALTER TABLE usage_failure_hour ADD COLUMN alike bigint NOT NULL GENERATED ALWAYS AS (hashtextextended(
  coalesce(prompt_id::text, '') || ' ' || coalesce(version_number::text, '') || ' ' || coalesce(label, '') || ' '
  || coalesce(client_name, '') || ' ' || code || ' ' || coalesce(variable, '') || ' ' || coalesce(asked, ''), 0)) STORED;
CREATE INDEX usage_failure_hour_by_hour ON usage_failure_hour (workspace_id, hour)
  INCLUDE (alike, total, last_at, surface, client_name);
CREATE INDEX usage_failure_hour_alike ON usage_failure_hour (workspace_id, alike, hour);
