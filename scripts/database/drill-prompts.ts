import type { Actor } from '#lib/access/actor.ts'
import { systemActor } from '#lib/access/identify.ts'
import type { LoadedConfig } from '#lib/config/load.ts'
import { isAppError } from '#lib/errors.ts'
import { getPrompt } from '#lib/prompts/operations/get-prompt.ts'
import { listPrompts } from '#lib/prompts/operations/list-prompts.ts'
import { renderPrompt } from '#lib/prompts/operations/render-prompt.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { createRuntime, getRuntime, setRuntime } from '#lib/runtime.ts'
import { hasSecret } from '#lib/secrets/derive.ts'
import { secretIds } from '#lib/secrets/sealing.ts'

/** Prompts that are tried in each workspace. */
const TRIED = 25

export interface PromptsRendered {
  rendered: number
  /** Those whose variables have neither example nor default that fits. */
  without_values: string[]
  failed: { name: string; reason: string }[]
}

/** Renders some prompts of a database that was restored, and looks whether its secret is known here. */
export async function renderSome(config: LoadedConfig): Promise<{
  prompts: PromptsRendered
  secret: 'fits' | 'other' | 'not needed'
}> {
  setRuntime(createRuntime({ ...config, logging: { ...config.logging, level: 'silent' } }))
  try {
    const { pool } = getRuntime().database.primary
    const { rows } = await pool.query<{ workspaceId: string; systemId: string }>(
      `SELECT workspace_id AS "workspaceId", id AS "systemId" FROM actor WHERE builtin = 'system' ORDER BY 1`,
    )
    const prompts: PromptsRendered = { rendered: 0, without_values: [], failed: [] }
    for (const ids of rows) await renderIn(systemActor(ids), prompts)
    return { prompts, secret: await secretOf() }
  } finally {
    await getRuntime().close()
    setRuntime(undefined)
  }
}

async function renderIn(actor: Actor, found: PromptsRendered): Promise<void> {
  const { items } = await listPrompts(actor, { limit: TRIED })
  for (const { name } of items) {
    try {
      const prompt = await getPrompt(actor, { name, label: 'latest' })
      await renderPrompt(actor, { name, version: prompt.version, variables: valuesFor(prompt) })
      found.rendered += 1
    } catch (error) {
      if (isAboutValues(error)) found.without_values.push(name)
      else found.failed.push({ name, reason: error instanceof Error ? error.message : String(error) })
    }
  }
}

/** The values are ours: that they do not fit says nothing about the backup. */
function isAboutValues(error: unknown): boolean {
  if (!isAppError(error) || error.code !== 'unprocessable') return false
  const details = error.details ?? []
  return details.length > 0 && details.every(({ path }) => path[0] === 'variables')
}

const BY_TYPE: Readonly<Record<string, unknown>> = {
  string: 'text',
  number: 1,
  integer: 1,
  boolean: true,
  array: [],
  object: {},
}

/** A value for each variable that must have one: its example, the first of its choices, or any of its type. */
function valuesFor({ variables }: Pick<Prompt, 'variables'>): Record<string, unknown> {
  const needed = variables.filter((variable) => variable.required && variable.default === undefined)
  return Object.fromEntries(
    needed.map((variable) => [
      variable.name,
      variable.example ?? variable.enum?.[0] ?? BY_TYPE[variable.type],
    ]),
  )
}

async function secretOf(): Promise<'fits' | 'other' | 'not needed'> {
  const { pool } = getRuntime().database.primary
  const { rows } = await pool.query<{ secret_id: string; previous_id: string | null }>(
    'SELECT secret_id, previous_id FROM known_secret',
  )
  const [known] = rows
  if (known === undefined) return 'not needed'
  // Asking for the ids would make a secret where there is none.
  const ids = hasSecret() ? secretIds() : []
  return ids.includes(known.secret_id) || (known.previous_id !== null && ids.includes(known.previous_id))
    ? 'fits'
    : 'other'
}
