import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { appError } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { type FoundItem, readSources } from '../formats/index.ts'
import type { ReadOptions, SourceFile } from '../source.ts'

type Options = ReadOptions & { format?: string | undefined }

/** What a worker is given. */
export interface ReadJob {
  files: readonly SourceFile[]
  options: Options
}

/** What it answers. */
export interface ReadReply {
  items: FoundItem[]
  /** Paths of files that hold no prompt. */
  unread: string[]
}

/** So little is read at once: a worker takes longer to start. */
const FILES_AT_ONCE = 20
const BYTES_AT_ONCE = 100_000
const MEGABYTE = 1_048_576
/** Memory of a worker, whatever files are like; what they hold comes on top. */
const WORKER_MEGABYTES = 512
const TIMES_BYTES = 16

/**
 * Reads the prompts that files hold, in a thread of its own where they are many or large: no request waits for it.
 * @throws unprocessable when that takes longer than `limits.import_ms`, or all the memory that it may have
 */
export async function readAside(files: readonly SourceFile[], options: Options): Promise<ReadReply> {
  const bytes = files.reduce((sum, file) => sum + file.bytes.byteLength, 0)
  if (files.length > FILES_AT_ONCE || bytes > BYTES_AT_ONCE) return readInWorker({ files, options }, bytes)
  const { items, unread } = readSources(files, options)
  return { items, unread: unread.map(({ path }) => path) }
}

/** Found from the project's folder, not from this module, because the calling code may be bundled. */
class ReadThread {
  readonly #file: string

  constructor(root: string) {
    this.#file = join(root, 'lib', 'transfer', 'reading', 'read-worker.ts')
  }

  start(workerData: ReadJob, bytes: number): Worker {
    return new Worker(this.#file, {
      name: 'import',
      workerData,
      env: {},
      execArgv: [],
      resourceLimits: {
        maxOldGenerationSizeMb: WORKER_MEGABYTES + Math.ceil((TIMES_BYTES * bytes) / MEGABYTE),
      },
    })
  }
}

function readInWorker(job: ReadJob, bytes: number): Promise<ReadReply> {
  const { config } = getRuntime()
  const worker = new ReadThread(config.root).start(job, bytes)
  return new Promise<ReadReply>((resolve, reject) => {
    const clock = setTimeout(() => reject(tooMuch('limits.import_ms')), config.limits.import_ms)
    worker.once('message', resolve)
    worker.once('error', (error) => reject(isOutOfMemory(error) ? tooMuch('memory', error) : error))
    worker.once('exit', () => reject(tooMuch('memory')))
    worker.once('exit', () => clearTimeout(clock))
  }).finally(() => void worker.terminate())
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}

function tooMuch(limit: string, cause?: unknown) {
  const message = 'The files take too much time or memory to read; nothing was imported. Bring them in parts.'
  return appError('unprocessable', message, {
    details: [{ path: ['file'], code: 'too_much', message }],
    extra: { limit },
    cause,
  })
}
