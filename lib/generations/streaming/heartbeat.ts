import { getRuntime, type Runtime } from '../../runtime.ts'

/** Says for the attempts that run in this process that it lives. */
export interface Heartbeat {
  /** Begins for an attempt; the answer ends it. */
  add(attemptId: string): () => void
}

/** So often within `ai.silent_ms`: one that is late does no harm. */
const BEATS = 5

/** One that somebody is ending just now needs none: nobody waits for anybody here. */
const BEAT = {
  name: 'generations.beat',
  text: `UPDATE generation_attempt SET alive_at = clock_timestamp() WHERE id IN (
    SELECT id FROM generation_attempt WHERE id = ANY($1::uuid[]) AND settled_at IS NULL FOR UPDATE SKIP LOCKED)`,
}

/** The heartbeat of this process. */
export function heartbeat(): Heartbeat {
  return getRuntime().once('generations.heartbeat', createHeartbeat)
}

function createHeartbeat({ config, database, log }: Runtime): Heartbeat {
  const running = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  async function beat(): Promise<void> {
    try {
      await database.primary.pool.query({ ...BEAT, values: [[...running]] })
    } catch (error) {
      log.debug({ err: error }, 'the sign of life of running calls could not be written')
    }
    timer = undefined
    start()
  }

  function start(): void {
    if (timer !== undefined || running.size === 0) return
    timer = setTimeout(() => void beat(), config.ai.silent_ms / BEATS)
    timer.unref()
  }

  return {
    add(attemptId) {
      running.add(attemptId)
      start()
      return () => void running.delete(attemptId)
    },
  }
}
