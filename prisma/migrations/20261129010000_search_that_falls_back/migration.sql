-- A search in which no prompt has all the words falls back to prompts that have any of them, or whose name or
-- title is written like them; and a mistyped name leads to those that are written like it.

-- Without the rest of the text, so that a word is compared with few others.
CREATE INDEX prompt_search_heading ON prompt_search USING gin (lower(name || ' ' || title) gin_trgm_ops);
CREATE INDEX prompt_name_trigrams ON prompt_name USING gin (name gin_trgm_ops);

-- Prompts that have one of the words, in any form or nearly so in their name or title; at most p_limit for each
-- word and way. Words that English leaves out of an index ("the", "to") count for nothing. Always by the
-- indexes, as search_prompts is.
CREATE FUNCTION closest_prompts(p_workspace uuid, p_words text[], p_queries tsquery[], p_limit integer)
RETURNS TABLE (prompt_id uuid) LANGUAGE sql STABLE SET enable_seqscan = off AS $$
  SELECT DISTINCT hit.prompt_id
  FROM unnest(p_words, p_queries) AS asked (word, query)
  CROSS JOIN LATERAL (
    (SELECT s.prompt_id FROM prompt_search s
      WHERE s.document @@ asked.query AND s.workspace_id IS NOT DISTINCT FROM p_workspace LIMIT p_limit)
    UNION ALL
    (SELECT s.prompt_id FROM prompt_search s
      WHERE asked.word <% lower(s.name || ' ' || s.title)
        AND s.workspace_id IS NOT DISTINCT FROM p_workspace LIMIT p_limit)
  ) hit
  WHERE numnode(plainto_tsquery('english', asked.word)) > 0
$$;

-- Names and aliases that are written like p_name, the nearest first.
CREATE FUNCTION names_like(p_workspace uuid, p_name text, p_limit integer)
RETURNS TABLE (name text, prompt_id uuid, likeness real) LANGUAGE sql STABLE SET enable_seqscan = off AS $$
  SELECT n.name, n.prompt_id, similarity(n.name, p_name) FROM prompt_name n
  WHERE n.name % p_name AND n.workspace_id IS NOT DISTINCT FROM p_workspace
  ORDER BY 3 DESC, 1 LIMIT p_limit
$$;
