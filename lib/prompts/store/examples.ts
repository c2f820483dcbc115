import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { actorJson, isoTime } from '../../db/columns.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { appError, overLimit, relocated } from '../../errors.ts'
import { measure, readBudget } from '../../liquid/value-size.ts'
import { getRuntime } from '../../runtime.ts'
import type { PromptExample } from '../example-schema.ts'
import { valueLimits } from '../render/renderers.ts'
import { type Query, transactionQuery } from './stored-prompt.ts'

/** What callers see of an example `e`. */
const EXAMPLE = `SELECT e.id, e.name, e."values",
    ${actorJson('a')} AS author,
    ${isoTime('e.created_at')} AS created_at
  FROM prompt_example e JOIN actor a ON a.workspace_id = e.workspace_id AND a.id = e.created_by
  WHERE e.workspace_id = $1::uuid AND e.prompt_id = $2::uuid`

/** All examples of a prompt, by name. */
export function readExamples(query: Query, workspaceId: string, promptId: string): Promise<PromptExample[]> {
  return query<PromptExample>(`${EXAMPLE} ORDER BY e.name, e.id`, [workspaceId, promptId])
}

/** One of them. */
async function readExample(
  query: Query,
  workspaceId: string,
  promptId: string,
  id: string,
): Promise<PromptExample | undefined> {
  const [row] = await query<PromptExample>(`${EXAMPLE} AND e.id = $3::uuid`, [workspaceId, promptId, id])
  return row
}

/**
 * Refuses values that no render would take.
 * @throws too_large past `limits.example_length` or `limits.values_items`, invalid_input, unprocessable
 */
export function assertExampleValues(values: Readonly<Record<string, unknown>>): void {
  const length = getRuntime().config.limits.example_length
  const budget = readBudget({ ...valueLimits(), length, lengthKey: 'limits.example_length' })
  try {
    for (const [name, value] of Object.entries(values)) measure(value, name, budget)
  } catch (error) {
    throw relocated(error, (path) => ['values', ...path.slice(1)])
  }
}

/**
 * The saved inputs of a prompt are read together: they are bounded together.
 * @param except the example whose values are replaced
 * @throws too_large past `limits.examples_bytes`
 */
export async function assertExamplesBytes(
  tx: Tx,
  actor: Actor,
  promptId: string,
  values: object,
  except?: string,
): Promise<void> {
  const most = getRuntime().config.limits.examples_bytes
  const [row] = await tx.$queryRaw<{ bytes: number }[]>`
    SELECT coalesce(sum(octet_length("values"::text)), 0)::integer AS bytes FROM prompt_example
    WHERE workspace_id = ${actor.workspaceId}::uuid AND prompt_id = ${promptId}::uuid
      AND id IS DISTINCT FROM ${except ?? null}::uuid`
  if ((row?.bytes ?? 0) + Buffer.byteLength(JSON.stringify(values)) <= most) return
  throw overLimit('limits.examples_bytes', `The examples of a prompt hold at most ${most} bytes together`, [
    'values',
  ])
}

/**
 * An example of a locked prompt.
 * @throws not_found
 */
export async function findExample(
  tx: Tx,
  actor: Actor,
  prompt: { id: string; name: string },
  id: string,
): Promise<PromptExample> {
  const example = await readExample(transactionQuery(tx), actor.workspaceId, prompt.id, id)
  if (example === undefined)
    throw appError('not_found', `The prompt "${prompt.name}" has no example with this id.`)
  return example
}

/**
 * Runs a change that gives an example its name.
 * @throws conflict when another example of the prompt has it
 */
export async function takingExampleName<T>(name: string | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    const message = `Another example of this prompt is called "${name}"`
    throw appError('conflict', `${message}.`, { details: [{ path: ['name'], code: 'name_taken', message }] })
  }
}
