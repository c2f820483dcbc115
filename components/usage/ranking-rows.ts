import type { Figures, Stats } from '#lib/usage/schema.ts'
import { NO_CLIENT_NAME, SURFACE_NAMES } from './names.ts'
import type { Rank, Sort, SortKey } from './usage-state.ts'

/** One line of a ranking. */
export interface RankedRow extends Figures {
  key: string
  /** The name on the screen, and the key of a sort by name. */
  name: string
  prompt?: string
  version?: number
  surface?: 'mcp' | 'rest' | 'browser'
  client?: string
}

/** The lines of a ranking. */
export function rankedRows(stats: Stats, rank: Rank): RankedRow[] {
  if (rank === 'prompt') return stats.by_prompt.map((row) => ({ ...row, key: row.name, prompt: row.name }))
  if (rank === 'version')
    return stats.by_version.map(({ name, version, ...row }) => ({
      ...row,
      key: `${name}@${version}`,
      name: `${name} v${version}`,
      prompt: name,
      version,
    }))
  if (rank === 'surface')
    return stats.by_surface.map((row) => ({
      ...row,
      key: row.surface,
      surface: row.surface,
      name: SURFACE_NAMES[row.surface] ?? row.surface,
    }))
  return stats.by_client.map(({ client, ...row }) => ({
    ...row,
    key: client ?? '',
    name: client ?? NO_CLIENT_NAME,
    client: client ?? '',
  }))
}

const SORTED_BY: Record<SortKey, (row: RankedRow) => string | number | null> = {
  name: (row) => row.name,
  uses: (row) => row.uses,
  renders: (row) => row.renders,
  gets: (row) => row.gets,
  tool_calls: (row) => row.tool_calls,
  failed: (row) => row.failed,
  cost: (row) => row.cost,
  success: (row) => row.success_rate,
  p50: (row) => row.p50_ms,
  p95: (row) => row.p95_ms,
  last: (row) => row.last_used_at,
}
const NAMES = new Intl.Collator('en', { numeric: true })

export const DEFAULT_SORT: Sort = '-uses'

export function sortKeyOf(sort: Sort): { key: SortKey; descending: boolean } {
  const descending = sort.startsWith('-')
  return { key: (descending ? sort.slice(1) : sort) as SortKey, descending }
}

/** Columns whose least value is of interest are sorted upwards first. */
const UPWARDS_FIRST: ReadonlySet<SortKey> = new Set(['name', 'success'])

/** The sort after a press on a column's heading: names upwards first, the worst success, the largest figures. */
export function nextSort(current: Sort, pressed: SortKey): Sort {
  const { key, descending } = sortKeyOf(current)
  if (key !== pressed) return UPWARDS_FIRST.has(pressed) ? pressed : `-${pressed}`
  return descending ? pressed : `-${pressed}`
}

/** Sorted rows; those without a figure come last either way. */
export function sortRows(rows: readonly RankedRow[], sort: Sort): RankedRow[] {
  const { key, descending } = sortKeyOf(sort)
  const value = SORTED_BY[key]
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)]
    if (left === null || right === null) return Number(left === null) - Number(right === null)
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : NAMES.compare(String(left), String(right))
    return (descending ? -order : order) || NAMES.compare(a.name, b.name)
  })
}
