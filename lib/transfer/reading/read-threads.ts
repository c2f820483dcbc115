import { join } from 'node:path'
import type { ReadJob, ReadReply } from './read-job.ts'
import { ReadThread, type TooMuch } from './read-thread.ts'

const MEGABYTE = 1_048_576
/** Memory of a thread, whatever files are like; what they hold comes on top. */
const MEGABYTES = 512
const TIMES_BYTES = 16
/** Bytes of files for which a thread is kept: larger ones get one of their own, with the memory that they may need. */
const KEPT_BYTES = 16 * MEGABYTE
/** A thread takes a third of a second to start; one that nobody needs is let go after this time. */
const KEPT_MS = 60_000

/** Threads that read files, of which one is kept for the next import. */
export class ReadThreads {
  readonly #file: string
  #kept: ReadThread | undefined
  #clock: NodeJS.Timeout | undefined
  #isClosed = false

  /** @param root the project's folder: modules may be bundled, and a worker is started from its source */
  constructor(root: string) {
    this.#file = join(root, 'lib', 'transfer', 'reading', 'read-worker.ts')
  }

  /**
   * Reads the prompts that files hold.
   * @throws what goes wrong in the thread
   */
  async read(job: ReadJob, timeoutMs: number): Promise<ReadReply | TooMuch> {
    const bytes = job.files.reduce((sum, file) => sum + file.bytes.byteLength, 0)
    const thread = this.#take(bytes)
    let isWell = false
    try {
      const reply = await thread.read(job, timeoutMs)
      isWell = typeof reply !== 'string'
      return reply
    } finally {
      if (!isWell || bytes > KEPT_BYTES || !this.#keep(thread)) await thread.end()
    }
  }

  /** Ends the thread that is kept. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.#letGo()
  }

  #take(bytes: number): ReadThread {
    const kept = this.#kept
    if (bytes <= KEPT_BYTES && kept !== undefined && !kept.hasEnded) {
      this.#kept = undefined
      clearTimeout(this.#clock)
      return kept
    }
    const room = (TIMES_BYTES * Math.max(bytes, KEPT_BYTES)) / MEGABYTE
    return new ReadThread(this.#file, MEGABYTES + Math.ceil(room))
  }

  /** @returns whether it is kept */
  #keep(thread: ReadThread): boolean {
    if (this.#isClosed || (this.#kept !== undefined && !this.#kept.hasEnded)) return false
    this.#kept = thread
    this.#clock = setTimeout(() => void this.#letGo(), KEPT_MS).unref()
    return true
  }

  async #letGo(): Promise<void> {
    const kept = this.#kept
    this.#kept = undefined
    clearTimeout(this.#clock)
    await kept?.end()
  }
}
