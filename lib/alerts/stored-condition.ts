import { z } from 'zod'
import type { Tx } from '../db/client.ts'
import { appError } from '../errors.ts'
import { KINDS, type KindName, type Narrowing, PERIODS, type Period } from './rules.ts'
import { Condition } from './schema.ts'

/** A condition as it is evaluated: what it names by its id, numbers that were left out filled in. */
export const StoredCondition = z.object({
  kind: z.enum(Object.keys(KINDS) as [KindName, ...KindName[]]),
  threshold: z.number().nullable().default(null),
  window_hours: z.number().default(1),
  days: z.number().default(1),
  min_count: z.number().default(1),
  hold_minutes: z.number().default(0),
  cooldown_minutes: z.number().default(0),
  per: z.enum(PERIODS).default('hour' satisfies Period),
  prompt_id: z.uuid().optional(),
  category_id: z.uuid().optional(),
  configuration_id: z.uuid().optional(),
  label: z.string().optional(),
  client: z.string().optional(),
})
export type StoredCondition = z.infer<typeof StoredCondition>

/** What is kept of a condition besides its kind. */
export type Settings = Record<string, unknown>

export function storedCondition(kind: string, settings: unknown): StoredCondition {
  return StoredCondition.parse({ ...(settings as Settings), kind })
}

/** The table and the column of names of what a condition can name. */
const NAMED = {
  prompt: `SELECT p.prompt_id AS id FROM prompt_name p WHERE p.workspace_id = $1::uuid AND p.name = $2`,
  category: `SELECT c.id FROM category c WHERE c.workspace_id = $1::uuid AND c.slug = $2`,
  configuration: `SELECT c.id FROM ai_configuration c WHERE c.workspace_id = $1::uuid AND c.name = $2`,
} as const satisfies Partial<Record<Narrowing, string>>
type NamedThing = keyof typeof NAMED

/** Sends a statement with its values, in a transaction or on a pool. */
export type Ask = <Row extends object>(text: string, values: unknown[]) => Promise<Row[]>

export const inTransaction =
  (tx: Tx): Ask =>
  (text, values) =>
    tx.$queryRawUnsafe(text, ...values)

/**
 * The settings that are kept of a condition.
 * @throws unprocessable naming what it names and there is not
 */
export async function settingsOf(ask: Ask, workspaceId: string, condition: Condition): Promise<Settings> {
  const { kind: _kind, ...settings }: Settings = { ...condition }
  for (const thing of Object.keys(NAMED) as NamedThing[]) {
    const name = settings[thing]
    if (typeof name !== 'string') continue
    const [row] = await ask<{ id: string }>(NAMED[thing], [workspaceId, name])
    if (row === undefined) throw unknown(thing, name)
    delete settings[thing]
    settings[`${thing}_id`] = row.id
  }
  return settings
}

function unknown(thing: NamedThing, name: string) {
  const message = `There is no ${thing === 'configuration' ? 'AI configuration' : thing} "${name}"`
  return appError('unprocessable', `${message}.`, {
    details: [{ path: ['condition', thing], code: `unknown_${thing}`, message }],
  })
}

/** What the ids of a condition are called today; what is gone is null. */
export interface Names {
  prompt: string | null
  category: string | null
  configuration: string | null
}

/** Columns with the names of what the settings of a rule name, of the table as `r`. */
export const NAME_COLUMNS = `json_build_object(
    'prompt', (SELECT p.name FROM prompt_template p
      WHERE p.workspace_id = r.workspace_id AND p.id = (r.settings ->> 'prompt_id')::uuid),
    'category', (SELECT c.slug FROM category c
      WHERE c.workspace_id = r.workspace_id AND c.id = (r.settings ->> 'category_id')::uuid),
    'configuration', (SELECT a.name FROM ai_configuration a
      WHERE a.workspace_id = r.workspace_id AND a.id = (r.settings ->> 'configuration_id')::uuid)) AS names`

/** The condition as callers see it, and what of it is gone: that keeps the place of a name as "gone". */
export function conditionAnswer(
  kind: string,
  settings: Settings,
  names: Names,
): { condition: Condition; missing: NamedThing[] } {
  const condition: Settings = { kind, ...settings }
  const missing: NamedThing[] = []
  for (const thing of Object.keys(NAMED) as NamedThing[]) {
    if (settings[`${thing}_id`] === undefined) continue
    delete condition[`${thing}_id`]
    if (names[thing] === null) missing.push(thing)
    condition[thing] = names[thing] ?? GONE
  }
  return { condition: Condition.parse(condition), missing }
}

const GONE = 'gone'
