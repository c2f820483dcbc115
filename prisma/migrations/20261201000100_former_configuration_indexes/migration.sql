-- Works beside versions from 0.2.0 on.

-- In a transaction of its own: generations are read meanwhile.
UPDATE generated_content SET former_configuration = configuration->>'name'
  WHERE configuration_id IS NULL AND former_configuration IS NULL;
-- As generated_content_figures: whatever is asked of those of a deleted configuration is found in this index alone.
CREATE INDEX generated_content_by_former ON generated_content
  (workspace_id, former_configuration, created_at DESC, id DESC)
  INCLUDE (status, prompt_id, version_number, label, model, error_code, created_by, batch_id, client_name, latency_ms,
    first_token_ms, cost, input_tokens, output_tokens, started_at)
  WHERE former_configuration IS NOT NULL;
