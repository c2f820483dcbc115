import type pg from 'pg'
import type { Actor } from '../../access/actor.ts'
import { type AppError, appError } from '../../errors.ts'
import { assertSpan } from '../../time.ts'
import type { NarrowedGenerations } from '../schema.ts'
import type { Narrowed } from './conditions.ts'

/**
 * What narrows a list, with ids in the place of names. An actor that is pinned to a label sees those of its label.
 * @returns undefined: nothing can be left of it
 * @throws not_found for a prompt that there is not, or a configuration that there is not and never was
 */
export async function resolveNarrowed(
  pool: pg.Pool,
  { workspaceId, label: pin }: Pick<Actor, 'workspaceId' | 'label'>,
  asked: NarrowedGenerations,
): Promise<Narrowed | undefined> {
  const { prompt, configuration, from, to, label, ...same } = asked
  if (pin !== null && label !== undefined && label !== pin) return undefined
  const { status, version, model, error, author, batch, client, category } = same
  return {
    status,
    version,
    model,
    error,
    author,
    batch,
    client,
    category,
    from: from === undefined ? undefined : new Date(from),
    to: to === undefined ? undefined : new Date(to),
    label: pin ?? label,
    promptId: prompt === undefined ? undefined : await findPrompt(pool, workspaceId, prompt),
    ...(configuration !== undefined && (await findAnyConfiguration(pool, workspaceId, configuration))),
    latency: { min: asked.latency_ms_min, max: asked.latency_ms_max },
    cost: { min: asked.cost_min, max: asked.cost_max },
  }
}

/** @throws invalid_input for a range or bounds that hold nothing, and a version of no prompt */
export function assertSense(asked: NarrowedGenerations): void {
  const { from, to, prompt, version } = asked
  assertSpan({ from, to })
  if (version !== undefined && prompt === undefined)
    throw wrong('version', 'needs_prompt', '`version` needs `prompt`: versions are numbered by prompt')
  for (const [min, max] of BOUNDS)
    if ((asked[min] ?? 0) > (asked[max] ?? Number.POSITIVE_INFINITY))
      throw wrong(min, 'invalid_range', `\`${min}\` must not be above \`${max}\``)
}

const BOUNDS = [
  ['latency_ms_min', 'latency_ms_max'],
  ['cost_min', 'cost_max'],
] as const

function wrong(field: string, code: string, sentence: string, message = sentence): AppError {
  return appError('invalid_input', `${sentence}.`, { details: [{ path: [field], code, message }] })
}

async function findPrompt(pool: pg.Pool, workspaceId: string, name: string): Promise<string> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'generations.prompt',
    text: 'SELECT prompt_id AS id FROM prompt_name WHERE workspace_id = $1 AND name = $2',
    values: [workspaceId, name],
  })
  if (rows[0] === undefined) throw appError('not_found', `There is no prompt "${name}".`)
  return rows[0].id
}

/** By the name that it has now, else by the one that it had until it was deleted. @throws not_found */
async function findAnyConfiguration(
  pool: pg.Pool,
  workspaceId: string,
  name: string,
): Promise<Pick<Narrowed, 'configurationId' | 'formerConfiguration'>> {
  const configurationId = await configurationCalled(pool, workspaceId, name)
  if (configurationId !== undefined) return { configurationId }
  const { rowCount } = await pool.query({
    name: 'generations.former-configuration',
    text: 'SELECT FROM generated_content WHERE workspace_id = $1 AND former_configuration = $2 LIMIT 1',
    values: [workspaceId, name],
  })
  if (rowCount === 0) throw noConfiguration(name)
  return { formerConfiguration: name }
}

/** @throws not_found */
export async function findConfiguration(pool: pg.Pool, workspaceId: string, name: string): Promise<string> {
  const id = await configurationCalled(pool, workspaceId, name)
  if (id === undefined) throw noConfiguration(name)
  return id
}

async function configurationCalled(
  pool: pg.Pool,
  workspaceId: string,
  name: string,
): Promise<string | undefined> {
  const { rows } = await pool.query<{ id: string }>({
    name: 'generations.configuration',
    text: 'SELECT id FROM ai_configuration WHERE workspace_id = $1 AND name = $2',
    values: [workspaceId, name],
  })
  return rows[0]?.id
}

function noConfiguration(name: string): AppError {
  return appError('not_found', `There is no AI configuration "${name}".`)
}
