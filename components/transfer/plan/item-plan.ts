import { isPromptName, PROMPT_NAME_RULE } from '#lib/liquid/name-rules.ts'
import type { Problem } from '#lib/rest/client.ts'
import type { OnConflict } from '#lib/transfer/rules.ts'
import type { ImportItem, ImportPlan } from '#lib/transfer/schema.ts'

/** What a person wants otherwise than the import proposes. Pure. */

/** Of one item. */
export interface ItemEdit {
  name?: string
  category?: string | null
  skip?: boolean
  on_conflict?: OnConflict
}

/** Of the whole. */
export interface Wishes {
  /** Format of all files; undefined: each is recognized. */
  format?: string
  columns?: Readonly<Record<string, string>>
  /** Category of items that have none. */
  category?: string | null
  on_conflict?: OnConflict
  /** Whether labels of files move. */
  labels: boolean
}

export type Edits = ReadonlyMap<string, ItemEdit>

/** Which item: its file, and the entry in it. */
export function keyOf({ source }: Pick<ImportItem, 'source'>): string {
  return placeKey(source)
}

function placeKey({ path, entry }: { path: string; entry?: string | undefined }): string {
  return entry === undefined ? path : `${path}\n${entry}`
}

function placeOf(key: string): { path: string; entry?: string } {
  const at = key.indexOf('\n')
  return at < 0 ? { path: key } : { path: key.slice(0, at), entry: key.slice(at + 1) }
}

/** Adds to the edits of items. */
export function withEdit(edits: Edits, keys: readonly string[], edit: ItemEdit): Edits {
  const next = new Map(edits)
  for (const key of keys) next.set(key, { ...next.get(key), ...edit })
  return next
}

/**
 * Without those whose items are there no more, as an answer tells: another format, or a file more, finds other items.
 * @returns undefined where the answer tells of none
 */
export function withoutLost(
  edits: Edits,
  { items = [] }: ImportPlan,
  problem: Problem | undefined,
): Edits | undefined {
  const lost = new Set(
    problem?.errors?.flatMap(({ code, path: [, , index] }) => {
      const source = code === 'unknown_source' ? items[Number(index)]?.source : undefined
      return source === undefined ? [] : [placeKey(source)]
    }),
  )
  return lost.size === 0 ? undefined : new Map([...edits].filter(([key]) => !lost.has(key)))
}

/** Adds to the wishes; undefined takes one away. */
export function withWish(wishes: Wishes, change: { [K in keyof Wishes]?: Wishes[K] | undefined }): Wishes {
  const all = Object.entries({ ...wishes, ...change }).filter(([, wish]) => wish !== undefined)
  return { labels: wishes.labels, ...Object.fromEntries(all) }
}

/** The plan as the server takes it. A name that cannot be one is left out: the field says so. */
export function planOf(edits: Edits, wishes: Wishes): ImportPlan {
  const { format, columns, labels, category, on_conflict } = wishes
  const defaults = {
    ...(category !== undefined && { category }),
    ...(on_conflict !== undefined && { on_conflict }),
    ...(!labels && { labels }),
  }
  const items = [...edits].map(([key, { name, ...edit }]) => ({
    source: placeOf(key),
    ...(name !== undefined && isPromptName(name) && { name }),
    ...edit,
  }))
  return {
    ...(format !== undefined && { format }),
    ...(columns !== undefined && { columns: { ...columns } }),
    ...(Object.keys(defaults).length > 0 && { defaults }),
    ...(items.length > 0 && { items }),
  }
}

/** The name that an item would get, with what was typed. */
function wantedName(item: ImportItem, edits: Edits): string {
  return edits.get(keyOf(item))?.name ?? item.name
}

/**
 * Why the typed names of items cannot stand, by key: known before the server is asked. Items that are left out take
 * no name.
 */
export function nameFaults(items: readonly ImportItem[], edits: Edits): Map<string, string> {
  const faults = new Map<string, string>()
  const owners = new Map<string, number>()
  const isOut = (item: ImportItem) => edits.get(keyOf(item))?.skip === true || item.action === 'refused'
  for (const item of items) {
    if (isOut(item)) continue
    const name = wantedName(item, edits)
    owners.set(name, (owners.get(name) ?? 0) + 1)
  }
  for (const item of items) {
    const key = keyOf(item)
    const typed = edits.get(key)?.name
    if (typed === undefined) continue
    if (!isPromptName(typed)) faults.set(key, `A name is made of ${PROMPT_NAME_RULE}.`)
    else if (!isOut(item) && (owners.get(typed) ?? 0) > 1)
      faults.set(key, `Another item of this import is called ${typed}.`)
  }
  return faults
}
