import { MEASURED } from './sums.ts'

/**
 * One row for each attempt that was settled and each generation that ended: what is told apart, and what is added up.
 * The same statements make the sums and stand in for what is not in them yet.
 */

/** What is told apart besides the workspace and the hour. */
export const PROMPT_KEYS = ['prompt_id', 'version_number'] as const
export const WAY_KEYS = [
  'label',
  'configuration_id',
  'configuration_name',
  'provider',
  'model',
  'surface',
  'client_name',
  'actor_id',
] as const

const ASKED = 'g.prompt_id, g.version_number, g.label'
const ASKER = 'g.surface, g.client_name, g.created_by AS actor_id'

/** The columns that are added up; those that are not given are 0. */
function measured(given: Partial<Record<(typeof MEASURED)[number], string>>): string {
  return MEASURED.map((name) => `${given[name] ?? '0'} AS ${name}`).join(', ')
}

const count = (condition: string) => `(${condition})::integer`

const ATTEMPT = measured({
  attempts: '1',
  attempts_failed: count(`a.status = 'failed'`),
  unpriced: count('a.cost IS NULL AND coalesce(a.input_tokens, 0) + coalesce(a.output_tokens, 0) > 0'),
  input_tokens: 'coalesce(a.input_tokens, 0)',
  output_tokens: 'coalesce(a.output_tokens, 0)',
  cost: 'coalesce(a.cost, 0)',
  latency_ms: 'coalesce(a.latency_ms, 0)',
  latency_count: count('a.latency_ms IS NOT NULL'),
  first_token_ms: 'coalesce(a.first_token_ms, 0)',
  first_token_count: count('a.first_token_ms IS NOT NULL'),
})

const GENERATION = measured({
  generations: '1',
  generations_failed: count(`g.status = 'failed'`),
  queue_ms: 'greatest(0, coalesce(round(extract(epoch FROM g.started_at - g.created_at) * 1000), 0))::bigint',
  queue_count: count('g.started_at IS NOT NULL'),
})

/** @param attempts rows of generation_attempt, with the alias `a` */
export const attemptFacts = (attempts: string) => `SELECT a.workspace_id, a.settled_at AS at, ${ASKED},
    a.configuration_id, a.configuration_name, a.provider, a.model, ${ASKER}, ${ATTEMPT}
  FROM ${attempts} JOIN generated_content g ON g.workspace_id = a.workspace_id AND g.id = a.generation_id`

/**
 * A generation counts for the configuration that answered it, else for the one that was asked last, else for the
 * one that it was meant for.
 * @param generations rows of generated_content, with the alias `g`
 */
export const generationFacts = (generations: string) => `SELECT g.workspace_id, g.finished_at AS at, ${ASKED},
    CASE WHEN t.provider IS NULL THEN g.configuration_id ELSE t.configuration_id END AS configuration_id,
    coalesce(t.configuration_name, g.configuration->>'name', '') AS configuration_name,
    coalesce(t.provider, g.configuration->>'provider', '') AS provider,
    coalesce(t.model, g.configuration->>'model', '') AS model, ${ASKER}, ${GENERATION}
  FROM ${generations} LEFT JOIN LATERAL (
    SELECT o.configuration_id, o.configuration_name, o.provider, o.model FROM generation_attempt o
    WHERE o.workspace_id = g.workspace_id AND o.generation_id = g.id
    ORDER BY o.status = 'succeeded' DESC, o.attempt DESC LIMIT 1
  ) t ON true`
