-- Works beside versions from 0.2.0 on.

-- In a transaction of its own: it holds the rows of ended generations alone, which nobody changes any more.
-- Of those that have ended: the others get theirs at their end.
UPDATE generated_content g SET model = coalesce((
    SELECT t.model FROM generation_attempt t
    WHERE t.workspace_id = g.workspace_id AND t.generation_id = g.id AND t.status = 'succeeded' LIMIT 1
  ), g.configuration->>'model')
  WHERE g.finished_at IS NOT NULL;
