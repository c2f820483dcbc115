-- Chinese, Japanese and Korean are written without spaces, or with endings that are joined on, and most of their
-- words are one or two signs long: too short for an index of three signs in a row. So the text that is searched by
-- patterns also holds every two neighbouring signs of them, each pair as a word of its own: the word is then the
-- beginning of one, which the index finds (docs/adr/0075).

-- Every pair of neighbouring signs of each run of Chinese, Japanese or Korean, and each last sign alone, with a
-- space before each; nothing for texts in other scripts.
CREATE FUNCTION search_pairs(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(p_text) = char_length(p_text) THEN ''
    ELSE (
      -- Pairs from the first sign of a run on, then those from the second on.
      SELECT regexp_replace(runs || regexp_replace(runs, ' [^ ]', ' ', 'g'), '([^ ][^ ])', '\1 ', 'g')
      FROM (SELECT ' ' || regexp_replace(p_text,
        '[^\u3005-\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]+',
        ' ', 'g') || ' ' AS runs) all_runs)
  END
$$;

DROP INDEX prompt_search_trigrams;
ALTER TABLE prompt_search
  DROP COLUMN trigrams,
  ADD COLUMN trigrams text GENERATED ALWAYS AS (
    search_fold(name || ' ' || title || ' ' || description || ' ' || body)
      || search_pairs(search_fold(title || ' ' || description || ' ' || left(body, 200000)))
  ) STORED;
CREATE INDEX prompt_search_trigrams ON prompt_search USING gin (trigrams gin_trgm_ops);
