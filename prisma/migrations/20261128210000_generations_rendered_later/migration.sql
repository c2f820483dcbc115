-- The generations of a batch keep their values; each is rendered when its turn comes. Null: not yet.
ALTER TABLE generated_content ALTER COLUMN messages DROP NOT NULL;

-- Counts what one caller has waiting.
CREATE INDEX generated_content_waiting ON generated_content (workspace_id, created_by) WHERE status = 'queued';
