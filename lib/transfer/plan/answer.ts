import type { ErrorDetail } from '../../errors.ts'
import type { SavedPrompt } from '../../prompts/saving-schema.ts'
import { mendText } from '../../text.ts'
import { ITEM_ACTIONS } from '../rules.ts'
import type { ImportCounts, ImportItem, ImportNote } from '../schema.ts'
import type { SourceItem } from '../source.ts'
import type { PlannedItem } from './plan-items.ts'

interface ShownOnce {
  withConversions?: boolean
  withBreaking?: boolean
}

/**
 * What became of each item, or would.
 * @param saved by the items that were to be saved, in their order
 * @param shown what an answer tells beside what is kept: texts that a dry run converted, and callers that are refused
 */
export function answerItems(
  planned: readonly PlannedItem[],
  saved: readonly SavedPrompt[],
  shown: ShownOnce = {},
): ImportItem[] {
  let next = 0
  return planned.map((each) => {
    const result = each.prompt === undefined ? undefined : saved[next++]
    return storable(itemOf(each, result, shown))
  })
}

/**
 * The same with U+FFFD for what no database holds: NUL, and halves of surrogate pairs, of which notes have one where
 * they quote the beginning of a text.
 */
export function storable<T>(value: T): T {
  return storableValue(value) as T
}

function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return mendText(value)
  if (Array.isArray(value)) return value.map(storableValue)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, storableValue(inner)]))
}

function itemOf(
  { item, name, notes, left }: PlannedItem,
  saved: SavedPrompt | undefined,
  { withConversions = false, withBreaking = false }: ShownOnce,
): ImportItem {
  const { path, line, entry } = item.origin
  const { format } = item
  const newest = item.kind === 'prompt' ? item.versions.at(-1) : undefined
  const conversions = item.kind === 'prompt' && withConversions ? item.conversions : undefined
  return {
    name: saved?.name ?? name,
    action: saved?.action ?? left ?? 'refused',
    ...(saved?.version !== undefined && { version: saved.version }),
    ...(saved?.action === 'unchanged' && saved.isWritten && { moved: true as const }),
    title: saved?.title ?? newest?.title ?? '',
    category: saved?.category ?? null,
    tags: saved?.tags ?? [],
    ...(saved !== undefined && saved.labels.length > 0 && { labels: saved.labels }),
    ...(withBreaking && saved !== undefined && saved.breaking.length > 0 && { breaking: saved.breaking }),
    notes: [...notes, ...(saved === undefined ? [] : notesOf(item, saved))],
    source: {
      path,
      ...(line !== undefined && { line }),
      ...(entry !== undefined && { entry }),
      format,
    },
    ...(conversions !== undefined && { conversions }),
  }
}

/** The reasons of a refusal stand at their lines; the sentence that sums them up is only needed without them. */
function notesOf(item: PlannedItem['item'], { notes, problems }: SavedPrompt): ImportNote[] {
  if (problems.length === 0) return notes.map((message) => ({ message }))
  return [
    ...notes.slice(0, -1).map((message) => ({ message })),
    ...problems.slice(0, 50).map((problem) => noteOf(item, problem)),
  ]
}

function noteOf(item: PlannedItem['item'], { path, range, message, hint }: ErrorDetail): ImportNote {
  const line = item.kind === 'prompt' && range !== undefined ? lineOf(item, path, range.line) : undefined
  const end = /[.!?]$/.test(message) ? '' : '.'
  return {
    ...(line !== undefined && { line }),
    message: hint === undefined ? message : `${message}${end} ${hint}`,
  }
}

/** Only where the file has the text as it is here. */
function lineOf({ places = [] }: SourceItem, path: ErrorDetail['path'], line: number): number | undefined {
  const key = path.join('.')
  const place = places.find((each) => each.path.join('.') === key)
  return place === undefined ? undefined : place.line + line - 1
}

/** How many items have each action. */
export function countItems(items: readonly Pick<ImportItem, 'action'>[]): ImportCounts {
  const counts = Object.fromEntries(ITEM_ACTIONS.map((action) => [action, 0])) as ImportCounts
  for (const { action } of items) counts[action] += 1
  return counts
}
