-- Works beside versions from 0.2.0 on.

-- In a transaction of its own: attempts are read while it is made, and written when it is.
-- What was spent in a span of time.
CREATE INDEX generation_attempt_by_settlement ON generation_attempt (workspace_id, settled_at)
  WHERE settled_at IS NOT NULL;
