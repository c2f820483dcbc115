-- The list of what ran under a label; who is pinned to one sees no other.
CREATE INDEX generated_content_by_label ON generated_content (workspace_id, label, created_at DESC, id DESC);
