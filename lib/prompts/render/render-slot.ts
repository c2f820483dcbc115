import { Worker } from 'node:worker_threads'
import { type AppError, appError, type ErrorCode, type ErrorDetail } from '../../errors.ts'
import { processorMs } from '../../liquid/budget.ts'
import { TIME_LIMIT } from '../../liquid/fault.ts'
import type { TemplateLimits } from '../../liquid/types.ts'
import type { Cut } from '../comparison/cut.ts'
import type { ComparedVersion, CompareOptions, FieldDiff } from '../comparison/version-diff.ts'
import type {
  CheckedSource,
  CheckOptions,
  PromptCheck,
  PromptSource,
  RenderedPrompt,
} from '../template/types.ts'
import type { DraftOutcome, DraftSource } from './draft.ts'

/** What a worker can be asked for. */
export type RenderTask =
  | { kind: 'render'; source: PromptSource }
  | { kind: 'draft'; draft: DraftSource }
  | { kind: 'compare'; before: ComparedVersion; after: ComparedVersion; options: CompareOptions }
  | { kind: 'check'; source: CheckedSource; options: CheckOptions }

/** What goes to the worker; plain data. */
export interface RenderJob {
  id: number
  task: RenderTask
  values: Readonly<Record<string, unknown>>
  limits: TemplateLimits
}

/** What comes back, and the processor time that the worker has used since it started. */
export interface RenderReply {
  answer: RenderAnswer
  used: NodeJS.CpuUsage
}

export type RenderAnswer =
  | RenderResult
  | {
      id: number
      error: { code: ErrorCode; message: string; details: ErrorDetail[]; extra: AppError['extra'] }
    }

/** An answer that is no error. */
export type RenderResult =
  | { id: number; rendered: RenderedPrompt }
  | { id: number; draft: DraftOutcome }
  | { id: number; compared: Cut<FieldDiff> }
  | { id: number; checked: PromptCheck }

/** Heap of a worker in MB: enough for the largest input and output, too little to hurt the machine. */
const WORKER_HEAP_MB = 384

/** Starting a worker takes a tenth of this; past it something is wrong with the installation. */
const START_TIMEOUT_MS = 10_000

/** A worker that got too little of the processor for its time is ended after so many times as long. */
const LONGEST_WAIT = 8

/** A job and who waits for it. */
export interface Waiting {
  job: RenderJob
  /** Milliseconds of processor time after which its worker is ended. */
  timeoutMs: number
  resolve: (result: RenderResult) => void
  reject: (error: Error) => void
}

/** One place in the pool; its worker is replaced when it had to be killed. */
export class RenderSlot {
  readonly #file: string
  readonly #onFree: () => void
  #worker: Worker | undefined
  #started: Promise<Worker> | undefined
  #answered = false
  #current: Waiting | undefined
  #timer: NodeJS.Timeout | undefined
  #lastTimer: NodeJS.Timeout | undefined
  /** Processor time of the worker before its current job. */
  #used: NodeJS.CpuUsage = { user: 0, system: 0 }

  constructor(file: string, onFree: () => void) {
    this.#file = file
    this.#onFree = onFree
  }

  get isFree(): boolean {
    return this.#current === undefined
  }

  async ready(): Promise<void> {
    try {
      await this.#start()
    } catch (error) {
      if (this.isFree) this.#drop()
      throw error
    }
  }

  run(waiting: Waiting): void {
    this.#current = waiting
    void this.#dispatch(waiting)
  }

  async #dispatch(waiting: Waiting): Promise<void> {
    try {
      const worker = await this.#start()
      if (this.#current !== waiting) return
      this.#lookInAfter(waiting.timeoutMs, waiting, worker)
      this.#lastTimer = setTimeout(() => this.#kill(tooSlow(waiting)), LONGEST_WAIT * waiting.timeoutMs)
      worker.postMessage(waiting.job, [])
    } catch (error) {
      if (this.#current !== waiting) return
      this.#kill(appError('unavailable', 'The renderer cannot be started', { cause: error, retryAfter: 1 }))
    }
  }

  #lookInAfter(ms: number, waiting: Waiting, worker: Worker): void {
    this.#timer = setTimeout(() => void this.#lookIn(waiting, worker), ms)
  }

  /** Ends the worker once it has used its time, which a busy machine gives it later than the clock says. */
  async #lookIn(waiting: Waiting, worker: Worker): Promise<void> {
    const used = await worker.cpuUsage(this.#used).catch(() => undefined)
    // It ended or failed meanwhile: its callers were told.
    if (used === undefined || this.#current !== waiting) return
    const left = waiting.timeoutMs - processorMs(used)
    if (left <= 0) this.#kill(tooSlow(waiting))
    else this.#lookInAfter(Math.ceil(left), waiting, worker)
  }

  async close(): Promise<void> {
    const worker = this.#worker
    this.#drop()
    this.#current?.reject(closing())
    this.#current = undefined
    await worker?.terminate()
  }

  #start(): Promise<Worker> {
    this.#started ??= new Promise((resolve, reject) => {
      const worker = new Worker(this.#file, {
        name: 'render',
        env: {},
        execArgv: [],
        resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
      })
      this.#worker = worker
      // Neither an idle worker nor its start keeps the process alive.
      worker.unref()
      const timer = setTimeout(() => reject(new Error('The worker does not answer')), START_TIMEOUT_MS)
      timer.unref()
      worker.once('message', (used: NodeJS.CpuUsage) => {
        clearTimeout(timer)
        this.#answered = true
        this.#used = used
        worker.on('message', (reply: RenderReply) => this.#finish(reply))
        resolve(worker)
      })
      const fail = (error: unknown) => {
        clearTimeout(timer)
        reject(error instanceof Error ? error : new Error('The worker failed'))
        // Once it answered it can only fail over a job; before, the callers that wait for its start are told.
        if (this.#worker === worker && this.#answered) this.#kill(crashed(error))
      }
      worker.on('error', fail)
      worker.on('exit', () => fail(new Error('The worker ended')))
    })
    return this.#started
  }

  #finish({ answer, used }: RenderReply): void {
    const waiting = this.#current
    if (waiting?.job.id !== answer.id) return
    this.#used = used
    this.#free()
    if ('error' in answer) {
      const { code, message, details, extra } = answer.error
      waiting.reject(appError(code, message, { details, extra }))
    } else waiting.resolve(answer)
    this.#onFree()
  }

  /** Ends the worker in the middle of its work; the next job gets a new one. */
  #kill(error: Error): void {
    const worker = this.#worker
    this.#drop()
    const waiting = this.#current
    this.#free()
    void worker?.terminate()
    waiting?.reject(error)
    this.#onFree()
  }

  #drop(): void {
    this.#worker = undefined
    this.#started = undefined
    this.#answered = false
  }

  #free(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#lastTimer)
    this.#current = undefined
  }
}

/** The settings that end work. */
const TIMES = { compare: 'long_text_ms', check: 'long_text_ms', draft: 'render_ms', render: 'render_ms' }

function tooSlow({ job, timeoutMs }: Waiting): Error {
  const what = { compare: 'comparison', check: 'check', draft: 'template', render: 'template' }[job.task.kind]
  const limit = `limits.${TIMES[job.task.kind]}`
  const message = `The ${what} takes more than ${timeoutMs} ms of processor time (${limit})`
  return appError('unprocessable', message, {
    details: [{ path: [], code: TIME_LIMIT, message }],
    extra: { limit },
  })
}

/** The error of renders that wait or run when the pool is closed. */
export function closing(): Error {
  return appError('unavailable', 'The server is shutting down', { retryAfter: 1 })
}

function crashed(error: unknown): Error {
  const outOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
  if (!outOfMemory) return appError('internal', 'The template cannot be rendered', { cause: error })
  const message = 'The template uses more memory than is allowed'
  return appError('unprocessable', message, { details: [{ path: [], code: 'memory_limit', message }] })
}
