-- Search reads letters without their accents, and finds signs that are no letters (docs/adr/0062).
-- Functions of our own, since a role that may not create extensions has to be able to migrate.

-- A text as search compares it: lower case, composed forms of compatibility (full width, ligatures) as plain
-- ones, no accents. What Unicode does not take apart is written as it is typed without it.
CREATE FUNCTION search_fold(p_text text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT CASE WHEN octet_length(p_text) = char_length(p_text) THEN lower(p_text)
    ELSE replace(replace(replace(replace(
      translate(
        normalize(regexp_replace(normalize(lower(p_text), NFKD), '[\u0300-\u036f]+', '', 'g'), NFC),
        'øłđðħıŧŀ', 'olddhitl'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th')
  END
$$;

-- Every sign of a text that is neither letter, digit nor space, once: emoji, %, _, … Joiners and variants of
-- emoji do not count.
CREATE FUNCTION search_signs(p_text text) RETURNS tsvector
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_to_tsvector(array_agg(DISTINCT sign)), '')
  FROM unnest(string_to_array(
    regexp_replace(p_text, '[[:alnum:][:space:]\u200d\ufe00-\ufe0f]+', '', 'g'), NULL)) sign
$$;

-- All signs of a text at once.
CREATE FUNCTION search_signs_query(p_text text) RETURNS tsquery
LANGUAGE sql STABLE STRICT PARALLEL SAFE AS $$
  SELECT string_agg('''' || replace(replace(sign, '\', '\\'), '''', '''''') || '''', ' & ')::tsquery
  FROM unnest(tsvector_to_array(search_signs(p_text))) sign
$$;

DROP INDEX prompt_search_document;
DROP INDEX prompt_search_trigrams;
ALTER TABLE prompt_search
  DROP COLUMN document,
  DROP COLUMN trigrams,
  -- A tsvector has at most a megabyte, and a letter may come apart into several.
  ADD COLUMN document tsvector GENERATED ALWAYS AS (
    setweight(to_tsvector('simple', search_fold(replace(replace(name, '_', ' '), '-', ' ') || ' ' || title)), 'A') ||
    setweight(to_tsvector('english', search_fold(title || ' ' || description)), 'B') ||
    setweight(to_tsvector('english', left(search_fold(left(body, 200000)), 200000)), 'D') ||
    search_signs(name || ' ' || title || ' ' || description || ' ' || left(body, 200000))
  ) STORED,
  ADD COLUMN trigrams text GENERATED ALWAYS AS (
    search_fold(name || ' ' || title || ' ' || description || ' ' || body)
  ) STORED;
CREATE INDEX prompt_search_document ON prompt_search USING gin (document);
CREATE INDEX prompt_search_trigrams ON prompt_search USING gin (trigrams gin_trgm_ops);

-- Tags have one spelling: no needless spaces.
UPDATE prompt_template SET tags = ARRAY(
    SELECT DISTINCT btrim(regexp_replace(tag, ' +', ' ', 'g')) COLLATE "C" AS tag FROM unnest(tags) tag ORDER BY 1)
  WHERE EXISTS (SELECT FROM unnest(tags) tag WHERE tag ~ '  | $');
