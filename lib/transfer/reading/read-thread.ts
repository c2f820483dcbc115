import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads'
import { inSlices } from '../../pacing.ts'
import type { FoundItem } from '../formats/index.ts'
import type { ReadJob, ReadOutcome, ReadReply } from './read-job.ts'

/** Why there is no reply: it took longer, or more memory, than it may. */
export type TooMuch = 'time' | 'memory'

/** A thread that reads the files of one import after another. It is of no use any more once a reading failed. */
export class ReadThread {
  readonly #worker: Worker
  /** Ends the reading that is under way. */
  #settle: (outcome: ReadOutcome | TooMuch | Error) => void = () => undefined
  #hasEnded = false

  /** @param file of the worker */
  constructor(file: string, megabytes: number) {
    this.#worker = new Worker(file, {
      name: 'import',
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: megabytes },
    })
    this.#worker.on('message', (outcome: ReadOutcome) => this.#settle(outcome))
    this.#worker.on('error', (error) => this.#settle(isOutOfMemory(error) ? 'memory' : asError(error)))
    this.#worker.on('exit', () => {
      this.#hasEnded = true
      this.#settle('memory')
    })
  }

  get hasEnded(): boolean {
    return this.#hasEnded
  }

  /** @throws what goes wrong in the thread */
  async read(job: ReadJob, timeoutMs: number): Promise<ReadReply | TooMuch> {
    const { port1: port, port2: parts } = new MessageChannel()
    let clock: NodeJS.Timeout | undefined
    this.#worker.ref()
    try {
      const outcome = await new Promise<ReadOutcome | TooMuch | Error>((resolve) => {
        this.#settle = resolve
        clock = setTimeout(() => resolve('time'), timeoutMs)
        this.#worker.postMessage({ ...job, parts }, [parts])
      })
      if (outcome instanceof Error) throw outcome
      return typeof outcome === 'string' ? outcome : { ...outcome, items: await itemsFrom(port) }
    } finally {
      clearTimeout(clock)
      port.close()
      // Nobody waits for one that does nothing.
      this.#worker.unref()
    }
  }

  async end(): Promise<void> {
    await this.#worker.terminate()
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The files could not be read', { cause: error })
}

/** Takes what was sent, part by part: each is made anew here, and requests go between them. */
async function itemsFrom(port: MessagePort): Promise<FoundItem[]> {
  const items: FoundItem[] = []
  const breathe = inSlices()
  for (let part = receiveMessageOnPort(port); part !== undefined; part = receiveMessageOnPort(port)) {
    items.push(...(part.message as FoundItem[]))
    await breathe()
  }
  return items
}
