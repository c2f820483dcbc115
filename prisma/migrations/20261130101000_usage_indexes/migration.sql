-- Works beside versions from 0.2.0 on.

-- In a transaction of its own: uses that come meanwhile wait in memory.
CREATE INDEX prompt_usage_failed ON prompt_usage (workspace_id, occurred_at DESC, id DESC) WHERE outcome <> 'ok';
CREATE INDEX prompt_usage_by_actor ON prompt_usage (workspace_id, actor_id, occurred_at DESC);
