import { onPrimary } from '../db/read.ts'
import { getRuntime } from '../runtime.ts'

/** The last use of a key is written once in this time at most: it tells the forgotten keys, it counts nothing. */
const EVERY_MS = 60_000

/** The uses of keys in this process. */
export function keyUses(): KeyUses {
  return getRuntime().once('keys.uses', (runtime) => {
    const uses = new KeyUses()
    const timer = setInterval(() => void uses.flush(), EVERY_MS)
    timer.unref()
    runtime.onShutdown('close', 'keys.uses', async () => {
      clearInterval(timer)
      await uses.flush()
    })
    return uses
  })
}

const WRITE = `UPDATE api_key k SET last_used_at = u.at FROM (
    SELECT workspace_id, id, to_timestamp(ms / 1000.0) AS at
    FROM json_to_recordset($1::json) AS used (workspace_id uuid, id uuid, ms bigint) ORDER BY id
  ) u
  WHERE k.workspace_id = u.workspace_id AND k.id = u.id AND (k.last_used_at IS NULL OR k.last_used_at < u.at)`

/** When each key was last used since it was last written, in one statement for all of them. */
export class KeyUses {
  readonly #used = new Map<string, { workspace_id: string; id: string; ms: number }>()
  #flushing: Promise<void> | undefined

  /** Notes a use. It never throws and never waits. */
  note(workspaceId: string, id: string): void {
    const known = this.#used.get(id)
    if (known === undefined) this.#used.set(id, { workspace_id: workspaceId, id, ms: Date.now() })
    else known.ms = Date.now()
  }

  /** Writes what was noted. While the database is away it is kept: there is one entry a key. */
  flush(): Promise<void> {
    this.#flushing ??= this.#write().finally(() => {
      this.#flushing = undefined
    })
    return this.#flushing
  }

  async #write(): Promise<void> {
    const taken = [...this.#used.values()]
    if (taken.length === 0) return
    this.#used.clear()
    try {
      await onPrimary(({ pool }) =>
        pool.query({ name: 'keys.used', text: WRITE, values: [JSON.stringify(taken)] }),
      )
    } catch (error) {
      getRuntime().log.debug(
        { err: error },
        'the last uses of keys could not be written; they are tried again',
      )
      for (const { workspace_id, id } of taken) if (!this.#used.has(id)) this.note(workspace_id, id)
    }
  }
}
