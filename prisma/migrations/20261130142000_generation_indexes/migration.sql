-- Works beside versions from 0.2.0 on.

-- In a transaction of its own: generations are read while indexes are made, and written when they are.

-- Every filter and every figure of the list beside its order: whatever is asked for, a page and the totals are found
-- in this index alone.
CREATE INDEX generated_content_figures ON generated_content (workspace_id, created_at DESC, id DESC)
  INCLUDE (status, prompt_id, version_number, label, configuration_id, model, error_code, created_by, batch_id,
    latency_ms, first_token_ms, cost, input_tokens, output_tokens, started_at);
CREATE INDEX generated_content_by_version
  ON generated_content (workspace_id, prompt_id, version_number, created_at DESC, id DESC);
CREATE INDEX generated_content_by_error ON generated_content (workspace_id, error_code, created_at DESC, id DESC)
  WHERE error_code IS NOT NULL;
-- The last answers of a configuration, for its usual figures.
CREATE INDEX generated_content_usual ON generated_content (workspace_id, configuration_id, created_at DESC)
  INCLUDE (label, latency_ms, first_token_ms, output_tokens, cost, started_at) WHERE status = 'succeeded';
CREATE INDEX generated_content_by_queue
  ON generated_content (workspace_id, generation_queue_ms(created_at, started_at) DESC, id DESC)
  WHERE generation_queue_ms(created_at, started_at) IS NOT NULL;
CREATE INDEX generated_content_by_speed
  ON generated_content (workspace_id, generation_speed(output_tokens, latency_ms, first_token_ms) DESC, id DESC)
  WHERE generation_speed(output_tokens, latency_ms, first_token_ms) IS NOT NULL;
