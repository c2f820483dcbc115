-- Lists of generations are sorted by a figure; those that lack it are not in such a list.
CREATE INDEX generated_content_by_latency ON generated_content (workspace_id, latency_ms DESC, id DESC)
  WHERE latency_ms IS NOT NULL;
CREATE INDEX generated_content_by_first_token ON generated_content (workspace_id, first_token_ms DESC, id DESC)
  WHERE first_token_ms IS NOT NULL;
CREATE INDEX generated_content_by_cost ON generated_content (workspace_id, cost DESC, id DESC)
  WHERE cost IS NOT NULL;
CREATE INDEX generated_content_by_output_tokens ON generated_content (workspace_id, output_tokens DESC, id DESC)
  WHERE output_tokens IS NOT NULL;
