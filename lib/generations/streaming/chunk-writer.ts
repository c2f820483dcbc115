import { getRuntime } from '../../runtime.ts'
import type { Target } from './read-progress.ts'

/** Writes the text of a running attempt down, so that other instances can tell it. */
export interface ChunkWriter {
  add(piece: string): void
  /** Writes no more; resolves when nothing is under way. */
  stop(): Promise<void>
}

/**
 * A statement whose answer was lost may have been kept, or may still be on its way: the piece that is written
 * again in its place begins with the same text and is never shorter.
 */
const INSERT = `INSERT INTO generation_chunk AS kept (workspace_id, generation_id, attempt, position, text)
  VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (workspace_id, generation_id, attempt, position) DO UPDATE SET text = excluded.text
    WHERE char_length(excluded.text) > char_length(kept.text)`

/**
 * Batches pieces of text into one row every `limits.generation_flush_ms`, one row at a time and in order: the next
 * row waits for the answer to the one before, however long that takes. Text that cannot be written now is written
 * with the next row; the generation itself never waits for it.
 */
export function createChunkWriter({ workspaceId, id }: Target, attempt: number): ChunkWriter {
  const { config, database, log } = getRuntime()
  let waiting = ''
  let written = 0
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let isStopped = false

  async function write(): Promise<void> {
    const text = waiting
    waiting = ''
    try {
      await database.primary.pool.query({
        name: 'generations.chunk',
        text: INSERT,
        values: [workspaceId, id, attempt, written, text],
      })
      written += text.length
    } catch (error) {
      log.debug({ err: error, generation: id }, 'a piece of a generation could not be written')
      waiting = text + waiting
    }
    writing = undefined
    schedule()
  }

  function schedule(): void {
    if (timer !== undefined || writing !== undefined || isStopped || waiting === '') return
    timer = setTimeout(() => {
      timer = undefined
      writing = write()
    }, config.limits.generation_flush_ms)
    timer.unref()
  }

  return {
    add(piece) {
      waiting += piece
      schedule()
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
      return writing ?? Promise.resolve()
    },
  }
}
