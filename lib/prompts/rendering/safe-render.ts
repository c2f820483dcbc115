import { join } from 'node:path'
import { appError } from '../../errors.ts'
import { DEFAULT_LIMITS } from '../template/budget.ts'
import type { PromptSource, RenderedPrompt, TemplateLimits } from '../template/types.ts'
import { measure, readBudget } from '../variables/value-size.ts'
import type { DraftOutcome, DraftSource } from './draft.ts'
import { closing, type RenderResult, RenderSlot, type RenderTask, type Waiting } from './render-slot.ts'

export interface SafeRenderOptions {
  /** The project's folder, where `lib/` is: the worker is started from its source there. */
  root: string
  /** Milliseconds after which a render is killed. */
  timeoutMs: number
  /** Workers at most; they start when they are first needed and stay. */
  workers?: number
  /** Renders that may wait for a worker; beyond that callers are told to come back. */
  queue?: number
  limits?: TemplateLimits
}

export interface SafeRenderer {
  /**
   * Renders in a worker. The caller's event loop is never held, whatever the template does.
   * @throws AppError as renderPrompt and compilePrompt do; `unprocessable` with the detail `time_limit`
   *   or `memory_limit` when the worker had to be killed; `unavailable` when too many renders wait
   */
  render(source: PromptSource, values: Readonly<Record<string, unknown>>): Promise<RenderedPrompt>
  /**
   * Analyses, checks and renders a draft in a worker; see runDraft.
   * @throws AppError as render does
   */
  draft(draft: DraftSource, values: Readonly<Record<string, unknown>>): Promise<DraftOutcome>
  /** Starts the workers before they are needed. */
  warm(): Promise<void>
  /** Ends the workers; what waits or runs is told `unavailable`. */
  close(): Promise<void>
}

/** Makes a pool of workers for drafts and for versions that are known to be slow. */
export function createSafeRenderer(options: SafeRenderOptions): SafeRenderer {
  return new RenderPool(options)
}

class RenderPool implements SafeRenderer {
  readonly #file: string
  readonly #timeoutMs: number
  readonly #size: number
  readonly #queueLimit: number
  readonly #limits: TemplateLimits
  readonly #slots: RenderSlot[] = []
  readonly #queue: Waiting[] = []
  #nextId = 1
  #closed = false

  constructor({ root, timeoutMs, workers = 2, queue = 64, limits = DEFAULT_LIMITS }: SafeRenderOptions) {
    this.#file = join(root, 'lib', 'prompts', 'rendering', 'render-worker.ts')
    this.#timeoutMs = timeoutMs
    this.#size = workers
    this.#queueLimit = queue
    // The worker's own clock stops most runaways first: that error tells the place, a killed worker cannot.
    this.#limits = { ...limits, timeMs: Math.min(limits.timeMs, timeoutMs * 0.8) }
  }

  async render(source: PromptSource, values: Readonly<Record<string, unknown>>): Promise<RenderedPrompt> {
    const result = await this.#run({ kind: 'render', source }, values)
    if ('rendered' in result) return result.rendered
    throw mixedUp()
  }

  async draft(draft: DraftSource, values: Readonly<Record<string, unknown>>): Promise<DraftOutcome> {
    const result = await this.#run({ kind: 'draft', draft }, values)
    if ('draft' in result) return result.draft
    throw mixedUp()
  }

  #run(task: RenderTask, values: Readonly<Record<string, unknown>>): Promise<RenderResult> {
    const budget = readBudget(this.#limits.values)
    for (const [name, value] of Object.entries(values)) if (value !== undefined) measure(value, name, budget)
    const job = { id: this.#nextId++, task, values, limits: this.#limits }
    return new Promise((resolve, reject) => this.#take({ job, resolve, reject }))
  }

  async warm(): Promise<void> {
    while (this.#slots.length < this.#size) this.#addSlot()
    await Promise.all(this.#slots.map((slot) => slot.ready()))
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const waiting of this.#queue.splice(0)) waiting.reject(closing())
    await Promise.all(this.#slots.splice(0).map((slot) => slot.close()))
  }

  #take(waiting: Waiting): void {
    if (this.#closed) return waiting.reject(closing())
    const free = this.#slots.find((slot) => slot.isFree) ?? this.#addSlot()
    if (free) return free.run(waiting)
    if (this.#queue.length >= this.#queueLimit) {
      return waiting.reject(appError('unavailable', 'Too many drafts are being rendered', { retryAfter: 1 }))
    }
    this.#queue.push(waiting)
  }

  #addSlot(): RenderSlot | undefined {
    if (this.#slots.length >= this.#size) return undefined
    const slot = new RenderSlot(this.#file, this.#timeoutMs, () => {
      const next = this.#queue.shift()
      if (next) slot.run(next)
    })
    this.#slots.push(slot)
    return slot
  }
}

function mixedUp(): Error {
  return appError('internal', 'The renderer answered something else than it was asked.')
}
