-- Works beside versions from 0.2.0 on.

-- In a transaction of its own: generations are read meanwhile. As before, with the client beside the other filters.
CREATE INDEX generated_content_figures_and_client ON generated_content (workspace_id, created_at DESC, id DESC)
  INCLUDE (status, prompt_id, version_number, label, configuration_id, model, error_code, created_by, batch_id,
    client_name, latency_ms, first_token_ms, cost, input_tokens, output_tokens, started_at);
DROP INDEX generated_content_figures;
ALTER INDEX generated_content_figures_and_client RENAME TO generated_content_figures;
