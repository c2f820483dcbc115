import type { Known } from './schema-values.ts'
import { send } from './send.ts'

/** What exists in an app while it is fuzzed: names, ids, cursors and entity tags, read from its answers. */
export interface Inventory {
  lookup(known: Known, path: string): unknown
  /** Takes note of the entity tag and the cursor of an answer. */
  learn(path: string, etag: string | undefined, body: unknown): void
  /** Reads the lists anew. */
  refresh(): Promise<void>
}

const NOBODY = '018f0000-0000-7000-8000-000000000000'
const CURSORS_KEPT = 50

/** @param fixed what the app cannot tell, such as the address of a provider */
export function createInventory(app: { url: string }, fixed: Record<string, unknown[]>): Inventory {
  const pools = new Map<string, unknown[]>(
    Object.entries({
      version: [1, 2, '1', 3],
      label: ['production', 'staging', 'latest'],
      tag: ['writing', 'review'],
      timezone: ['Europe/Berlin', 'UTC', 'America/St_Johns', 'Pacific/Apia'],
      cursor: ['WyJ4Iiwic3RhcnQiXQ'],
      ...fixed,
    }),
  )
  const etags = new Map<string, string>()

  async function list(pool: string, path: string, pick: (item: Record<string, unknown>) => unknown) {
    const { json } = await send(app, { method: 'GET', path, headers: {}, body: undefined })
    const found = Object.values(json ?? {}).find((each) => Array.isArray(each)) as Record<string, unknown>[]
    pools.set(pool, [...(found ?? []).map(pick), NOBODY])
  }

  return {
    lookup({ pool, pick }, path) {
      if (pool === 'etag')
        return etags.get(path.replace(/\/labels\/[^/]+$/, '/labels')) ?? etags.get(parentOf(path)) ?? '"a-1"'
      const all = pools.get(pool) ?? [NOBODY]
      return all[pick % all.length]
    },
    learn(path, etag, body) {
      const [plain = ''] = path.split('?')
      if (etag !== undefined) etags.set(plain, etag)
      if (typeof body !== 'object' || body === null || !('next_cursor' in body)) return
      const { next_cursor: cursor } = body
      const cursors = pools.get('cursor') ?? []
      if (typeof cursor === 'string' && cursors.length < CURSORS_KEPT) cursors.push(cursor)
    },
    async refresh() {
      await list('prompt', '/api/prompts?limit=100', ({ name }) => name)
      await list('category', '/api/categories', ({ slug }) => slug)
      await list('generation', '/api/generations?limit=20', ({ id }) => id)
      await list('batch', '/api/generations/batch?limit=20', ({ id }) => id)
      await list('actor', '/api/audit?limit=20', ({ actor }) => (actor as { id: string }).id)
      await list('example', '/api/prompts/zero_shot/examples', ({ id }) => id)
    },
  }
}

/** What a version or a duplicate is made of has the entity tag. */
function parentOf(path: string): string {
  return path.replace(/\/(versions|duplicate)$/, '')
}
