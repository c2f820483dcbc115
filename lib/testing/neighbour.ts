import type pg from 'pg'
import { type Actor, ALL_SCOPES, UNBOUND } from '../access/actor.ts'
import { createConfiguration } from '../ai/operations/create-configuration.ts'
import { createCategory } from '../categories/operations/create-category.ts'
import { requestGeneration } from '../generations/operations/request-generation.ts'
import { newId } from '../id.ts'
import { setJobSender } from '../jobs.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import { createExample } from '../prompts/operations/examples/create-example.ts'
import { getRuntime, type Runtime } from '../runtime.ts'

/*
 * Beside the workspace of each test file stands another one, whose rows look like those that tests make: the same
 * names, and texts that carry a mark. Nothing that the app reads for a test may carry it.
 */

/** Stands in every text of the other workspace. */
const MARK = 'kept from others'

/** Names that tests give their own prompts, categories and configurations as well. */
const PROMPTS = ['greeting', 'hello', 'prompt_1', 'prompt_2', 'told']
const CATEGORIES = ['category_1', 'data', 'one', 'writing']
const CONFIGURATIONS = ['echo', 'model_1', 'writer']

/** Fills the other workspace by the operations that everybody uses, on the runtime that is in place. */
export async function makeNeighbour(): Promise<void> {
  const actor = await makeOwner()
  setJobSender({ send: () => Promise.resolve() })
  for (const slug of CATEGORIES) await createCategory(actor, { slug, name: MARK, description: MARK })
  for (const [n, name] of PROMPTS.entries()) {
    const category = CATEGORIES[n % CATEGORIES.length] ?? null
    const texts = { template_content: `${MARK}: {{ who }}`, title: MARK, description: MARK, tags: ['data'] }
    await createPrompt(actor, { name, category, ...texts, publish: { prompt: true, tool: true } })
    await createExample(actor, { prompt: name, name: MARK, values: { who: MARK } })
  }
  for (const name of CONFIGURATIONS)
    await createConfiguration(actor, { name, provider: 'echo', model: 'echo-fast', system_text: MARK })
  for (const prompt of PROMPTS)
    await requestGeneration(actor, { prompt, variables: { who: MARK }, configuration: 'echo' })
  await finishAll(actor.workspaceId)
  await reportAll(actor.workspaceId)
  await addAlerts(actor)
}

async function makeOwner(): Promise<Actor> {
  const { pool } = getRuntime().database.primary
  const [workspaceId, id] = [newId(), newId()]
  await pool.query(`INSERT INTO workspace (id, slug) VALUES ($1, 'neighbour')`, [workspaceId])
  await pool.query(
    `INSERT INTO actor (id, workspace_id, kind, display, builtin) VALUES ($1, $2, 'person', 'Local owner', 'local_owner')`,
    [id, workspaceId],
  )
  const rights = { role: 'owner', scopes: ALL_SCOPES, ...UNBOUND } as const
  return {
    id,
    kind: 'person',
    workspaceId,
    ...rights,
    request: { id: newId(), surface: 'rest', outcome: {} },
  }
}

/** What fired and was told, a webhook, and what it was sent. No rule: upkeep goes through those of all workspaces. */
async function addAlerts({ workspaceId, id }: Actor): Promise<void> {
  const { pool } = getRuntime().database.primary
  const hook = newId()
  await pool.query(
    `INSERT INTO webhook (id, workspace_id, name, url, created_by) VALUES ($1, $2, $3, 'https://example.org/', $4)`,
    [hook, workspaceId, MARK, id],
  )
  await pool.query(
    `INSERT INTO webhook_delivery (id, workspace_id, webhook_id, event_id, type, body, state)
     VALUES ($1, $2, $3, $1, 'ping', $4, 'delivered')`,
    [newId(), workspaceId, hook, MARK],
  )
  await pool.query(
    `INSERT INTO alert_event (id, workspace_id, rule_id, rule_name, kind, window_start, fired_at, told_fired)
     VALUES ($1, $2, $1, $3, 'cost', now(), now(), true)`,
    [newId(), workspaceId, MARK],
  )
}

/** Upkeep and runs of tests are about their own generations: these have ended. */
async function finishAll(workspaceId: string): Promise<void> {
  const { pool } = getRuntime().database.primary
  await pool.query(
    `UPDATE generation_attempt SET status = 'succeeded', settled_at = now(), finished_at = now(),
       input_tokens = 1000, output_tokens = 1000, cost = 1000 WHERE workspace_id = $1`,
    [workspaceId],
  )
  await pool.query(
    `UPDATE generated_content SET status = 'succeeded', text = $2, started_at = now(), finished_at = now(),
       run_id = 'neighbour', client_name = $2 WHERE workspace_id = $1`,
    [workspaceId, MARK],
  )
  await pool.query(
    `INSERT INTO usage_hour (id, workspace_id, hour, prompt_id, version_number, label, operation, surface, client_name,
       total, failed, duration_us, bucket_numbers, bucket_counts, last_at)
     SELECT gen_random_uuid(), p.workspace_id, date_trunc('hour', now()), p.id, 1, 'production', 'get', 'rest', $2,
       1000, 10, 5000, '{5}', '{1000}', now() FROM prompt_template p WHERE p.workspace_id = $1`,
    [workspaceId, MARK],
  )
  await addUses(workspaceId)
}

async function addUses(workspaceId: string): Promise<void> {
  const { pool } = getRuntime().database.primary
  const each = `FROM prompt_template p WHERE p.workspace_id = $1`
  for (const statement of [
    `INSERT INTO prompt_usage (id, occurred_at, workspace_id, actor_id, prompt_id, version_number, operation, surface,
       client_name, outcome, duration_us, reasons, asked)
     SELECT gen_random_uuid(), now(), p.workspace_id, p.created_by, p.id, 1, 'get', 'rest', $2, 'unprocessable', 1000,
       json_build_array(json_build_object('code', 'missing', 'variable', $2::text)), $2 ${each}`,
    `INSERT INTO usage_failure_hour (id, workspace_id, hour, prompt_id, version_number, surface, client_name, code, variable,
       total, first_at, last_at)
     SELECT gen_random_uuid(), p.workspace_id, date_trunc('hour', now()), p.id, 1, 'rest', $2, 'missing', $2, 1000, now(),
       now() ${each}`,
    `INSERT INTO usage_caller_day (id, workspace_id, hour, prompt_id, version_number, surface, client_name, actor_id,
       variables, gets, renders, tool_calls, failed, last_at)
     SELECT gen_random_uuid(), p.workspace_id, date_trunc('day', now(), 'UTC'), p.id, 1, 'rest', $2, p.created_by, $2,
       1000, 0, 0, 10, now() ${each}`,
    `INSERT INTO usage_actor_day (id, workspace_id, hour, surface, client_name, actor_id, gets, renders, tool_calls,
       failed, last_at)
     SELECT gen_random_uuid(), p.workspace_id, date_trunc('day', now(), 'UTC') - interval '3 days', 'rest', $2,
       p.created_by, 1000, 0, 0, 10, now() ${each}`,
    `INSERT INTO usage_actor_prompt_day (id, workspace_id, hour, actor_id, prompt_id, version_number, surface, client_name,
       gets, renders, tool_calls, failed, last_at)
     SELECT gen_random_uuid(), p.workspace_id, date_trunc('day', now(), 'UTC') - interval '3 days', p.created_by, p.id, 1,
       'rest', $2, 1000, 0, 0, 10, now() ${each}`,
    `INSERT INTO usage_top (workspace_id, unit, hour, way, name, prompt_ids, uses, rest)
     SELECT $1, 'day', date_trunc('day', now(), 'UTC') - interval '3 days', 'all', left($2, 0), array_agg(p.id),
       array_agg(1000), 0 ${each}`,
    `INSERT INTO usage_failure_top (workspace_id, unit, hour, way, name, alike, totals, rest)
     SELECT $1, 'day', date_trunc('day', now(), 'UTC') - interval '3 days', 'all', left($2, 0), array_agg(f.alike),
       array_agg(1000), 0 FROM usage_failure_hour f WHERE f.workspace_id = $1`,
    `INSERT INTO usage_prompt_month_days (workspace_id, month, prompt_id, days)
     SELECT p.workspace_id, date_trunc('month', now())::date, p.id, length($2) ${each}`,
    `INSERT INTO usage_open_way (id, workspace_id, hour, surface, client_name, gets, renders, tool_calls, failed, last_at,
       bucket_numbers, bucket_counts)
     SELECT gen_random_uuid(), p.workspace_id, date_trunc('hour', now(), 'UTC'), 'rest', $2, 1000, 0, 0, 10, now(), '{5}',
       '{1000}' ${each}`,
    `INSERT INTO usage_open_prompt (id, workspace_id, hour, prompt_id, version_number, gets, renders, tool_calls, failed,
       last_at, bucket_numbers, bucket_counts)
     SELECT gen_random_uuid(), p.workspace_id, date_trunc('hour', now(), 'UTC'), p.id, length($2), 1000, 0, 0, 10, now(),
       '{5}', '{1000}' ${each}`,
    `INSERT INTO usage_prompt_last (workspace_id, prompt_id, last_at)
     SELECT p.workspace_id, p.id, now() FROM prompt_template p WHERE p.workspace_id = $1 AND $2 <> ''`,
  ])
    await pool.query(statement, [workspaceId, MARK])
}

/** Each generation there went well, as somebody says. */
async function reportAll(workspaceId: string): Promise<void> {
  const { pool } = getRuntime().database.primary
  await pool.query(
    `INSERT INTO outcome (workspace_id, id, receipt_id, operation, used_at, prompt_id, version_number, label,
       reported_by, surface, client_name, outcome, note)
     SELECT g.workspace_id, gen_random_uuid(), g.id, 'generation', now(), g.prompt_id, g.version_number, 'production',
       g.created_by, 'rest', $2, 'success', $2 FROM generated_content g WHERE g.workspace_id = $1`,
    [workspaceId, MARK],
  )
  await pool.query(
    `INSERT INTO outcome_day (workspace_id, prompt_id, day, version_number, label, client_name, successes, failures,
       scored, score_sum, score_squares)
     SELECT workspace_id, id, (now() AT TIME ZONE 'UTC')::date, 1, 'production', $2, 1000, 10, 0, 0, 0
     FROM prompt_template WHERE workspace_id = $1`,
    [workspaceId, MARK],
  )
}

/** Looks through every answer that a runtime gets of the primary, and notes what brings rows of the other workspace. */
export function watchNeighbour({ database }: Runtime, seen: Set<string>): void {
  const look = (statement: unknown, result: unknown): void => {
    const { rows = [] } = (result ?? {}) as Partial<pg.QueryResult>
    if (rows.length > 0 && JSON.stringify(rows).includes(MARK)) seen.add(textOf(statement))
  }
  database.primary.pool.on('connect', (client) => {
    // The one that measures, which asks the library at each call.
    const measured = Reflect.get(client, 'query')
    const ask = (...call: unknown[]): unknown => Reflect.apply(measured, client, call)
    const watched = (...call: unknown[]): unknown => {
      const [statement] = call
      const done = call.at(-1)
      if (typeof done !== 'function') {
        const answer = ask(...call)
        if (answer instanceof Promise)
          void answer.then(
            (result) => look(statement, result),
            () => undefined,
          )
        return answer
      }
      return ask(...call.slice(0, -1), (error: unknown, result: unknown) => {
        look(statement, result)
        done(error, result)
      })
    }
    client.query = watched as typeof client.query
  })
}

/** @throws Error that names each statement that brought rows of the other workspace */
export function assertUnseen(seen: ReadonlySet<string>): void {
  if (seen.size > 0) throw new Error(`Rows of another workspace were read by: ${[...seen].join('\n---\n')}`)
}

function textOf(statement: unknown): string {
  if (typeof statement === 'string') return statement
  return (statement as { text?: string }).text ?? 'a statement without a text'
}
