import type { PromptListRequest } from './list-query.ts'
import { type Bind, type Filter, SEARCH_ROW, words } from './list-search.ts'
import { readSearchText } from './search-text.ts'

/*
 * What a search shows when nothing has all of its words: people and agents ask in whole sentences, in other
 * words than the author's, and with slips of the pen.
 */

/** More words of a sentence would hardly make its meaning clearer. */
const MAX_WORDS = 24
/** Prompts that are looked at for each word. */
const EACH_WORD_MAX = 300
/** A prompt that fits much worse than the best is no answer to the same question. */
const NEARLY_AS_GOOD = 0.35

/** The words of a search, each for itself; the short ones whole, since nobody is typing any more. */
export function closestWords(q: string): string[] {
  const found = q.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  return [...new Set(found)].slice(0, MAX_WORDS)
}

/**
 * The prompts that come closest to a search, best first, with their `score`. A word counts the more the fewer
 * prompts have it, most in a name or title, and less when it is only written like one there.
 */
export function byCloseness(
  request: PromptListRequest,
  asked: readonly string[],
  { joins, conditions }: Filter,
  bind: Bind,
): string {
  const list = bind(asked, 'text[]')
  const queries = asked.map((word) => wordQuery(word, bind)).join(', ')
  return `WITH asked AS MATERIALIZED (
      SELECT word, query, n FROM unnest(${list}, ARRAY[${queries}]::tsquery[]) WITH ORDINALITY AS a (word, query, n)
      WHERE numnode(plainto_tsquery('english', word)) > 0
    ), near AS MATERIALIZED (
      SELECT p.id, s.document, lower(s.name || ' ' || s.title) AS heading
      FROM prompt_template p ${joins} ${SEARCH_ROW}
      WHERE p.id = ANY (ARRAY(SELECT prompt_id FROM closest_prompts(
          ${bind(request.workspaceId, 'uuid')}, (SELECT array_agg(word ORDER BY n) FROM asked),
          (SELECT array_agg(query ORDER BY n) FROM asked), ${EACH_WORD_MAX})))
        AND ${conditions.join(' AND ')}
    ), fits AS MATERIALIZED (
      SELECT near.id, asked.n, CASE
        WHEN near.document @@ asked.query THEN 0.4 + 0.6 * least(1, ts_rank(near.document, asked.query) / 0.6)
        WHEN asked.word <% near.heading THEN 0.8 * word_similarity(asked.word, near.heading)
        ELSE 0 END AS fit
      FROM near CROSS JOIN asked
    ), weights AS (
      SELECT n, ln(1 + (SELECT count(*) FROM near)::float8 / greatest(1, count(*) FILTER (WHERE fit > 0))) AS weight
      FROM fits GROUP BY n
    ), scored AS (
      SELECT fits.id, round(sum(fit * weight)::numeric, 6)::float8 AS score FROM fits JOIN weights USING (n) GROUP BY fits.id
    )
    SELECT p.*, scored.score FROM scored JOIN prompt_template p
      ON p.workspace_id = ${bind(request.workspaceId, 'uuid')} AND p.id = scored.id
    WHERE scored.score > 0 AND scored.score >= ${NEARLY_AS_GOOD} * (SELECT max(score) FROM scored)
    ORDER BY scored.score DESC, p.name LIMIT ${bind(request.limit, 'integer')}`
}

/** A word in any form, as the search for all words knows it. */
function wordQuery(word: string, bind: Bind): string {
  const search = readSearchText(word)
  if (search === undefined) throw new Error(`${word} is no word`)
  return words({ ...search, typing: undefined }, bind)
}
