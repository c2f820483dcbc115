-- Finds the oldest stored answers of one caller, of whose keys only so many are kept.
CREATE INDEX idempotency_key_by_age ON idempotency_key (workspace_id, actor_id, created_at DESC);
