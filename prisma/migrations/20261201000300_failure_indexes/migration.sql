-- Works beside versions from 0.2.0 on.

-- In a transaction of its own: failures that are written meanwhile wait.
-- Whatever failures are narrowed by, those that are alike are counted and added up within this index.
DROP INDEX usage_failure_hour_alike;
CREATE INDEX usage_failure_hour_alike ON usage_failure_hour (workspace_id, alike, hour)
  INCLUDE (total, last_at, surface, client_name, actor_id);
-- And those of a prompt, and of a client.
CREATE INDEX usage_failure_hour_alike_by_prompt ON usage_failure_hour (workspace_id, prompt_id, alike, hour)
  INCLUDE (version_number, total, last_at, surface, client_name, actor_id);
CREATE INDEX usage_failure_hour_alike_by_client
  ON usage_failure_hour (workspace_id, coalesce(client_name, ''), alike, hour)
  INCLUDE (client_name, total, last_at, surface, actor_id);
