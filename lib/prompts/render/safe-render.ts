import { join } from 'node:path'
import { appError } from '../../errors.ts'
import { DEFAULT_LIMITS } from '../../liquid/budget.ts'
import type { Analysis, TemplateLimits } from '../../liquid/types.ts'
import { measure, readBudget } from '../../liquid/value-size.ts'
import { isHeavy } from '../../liquid/weight.ts'
import type { Cut } from '../comparison/cut.ts'
import {
  type ComparedVersion,
  type CompareOptions,
  compareVersions,
  type FieldDiff,
  isQuickToCompare,
} from '../comparison/version-diff.ts'
import type { PromptContent } from '../content/content.ts'
import type {
  CheckedSource,
  CheckOptions,
  PromptCheck,
  PromptSource,
  RenderedPrompt,
} from '../template/types.ts'
import { analyse, checkPrompt } from '../template.ts'
import { textsOf } from './compiled-version.ts'
import type { DraftOutcome, DraftSource } from './draft.ts'
import { FairQueue } from './fair-queue.ts'
import { closing, type RenderResult, RenderSlot, type RenderTask, type Waiting } from './render-slot.ts'

export interface SafeRenderOptions {
  /** The project's folder, where `lib/` is: the worker is started from its source there. */
  root: string
  /** Milliseconds of processor time after which a render is killed; by the clock it may have some times more. */
  timeoutMs: number
  /** The same of the comparison or check of long texts. */
  longMs?: number
  /** Workers at most; they start when they are first needed and stay. */
  workers?: number
  /** Jobs that may wait for a worker; beyond that callers are told to come back. */
  queue?: number
  /** Jobs of one caller that may wait. */
  queuePerCaller?: number
  limits?: TemplateLimits
}

export interface SafeRenderer {
  /**
   * Renders in a worker. The caller's event loop is never held, whatever the template does.
   * @param caller jobs of different callers take turns; those without a name share one
   * @throws AppError as renderPrompt and compilePrompt do; `unprocessable` with the detail `time_limit`
   *   or `memory_limit` when the worker had to be killed; `overloaded` when too many jobs wait
   */
  render(
    source: PromptSource,
    values: Readonly<Record<string, unknown>>,
    caller?: string,
  ): Promise<RenderedPrompt>
  /**
   * Analyses, checks and renders a draft in a worker; see runDraft.
   * @throws AppError as render does
   */
  draft(draft: DraftSource, values: Readonly<Record<string, unknown>>, caller?: string): Promise<DraftOutcome>
  /**
   * Compares two versions, in a worker unless they are short.
   * @throws AppError as render does
   */
  compare(
    before: ComparedVersion,
    after: ComparedVersion,
    options: CompareOptions,
    caller?: string,
  ): Promise<Cut<FieldDiff>>
  /**
   * What a content uses, in a worker unless its texts are light.
   * @throws AppError as check does
   */
  analyse(content: PromptContent, caller?: string): Promise<Analysis>
  /**
   * The rule at saving, in a worker unless the texts are light.
   * @throws AppError `overloaded`, `unavailable`; `unprocessable` when it takes too long
   */
  check(source: CheckedSource, caller?: string, options?: CheckOptions): Promise<PromptCheck>
  /** Starts the workers before they are needed. */
  warm(): Promise<void>
  /** Ends the workers; renders that wait or run fail with `unavailable`. */
  close(): Promise<void>
}

/** Makes a pool of workers for drafts and for versions that are known to be slow. */
export function createSafeRenderer(options: SafeRenderOptions): SafeRenderer {
  return new RenderPool(options)
}

class RenderPool implements SafeRenderer {
  readonly #file: string
  readonly #timeoutMs: number
  readonly #longMs: number
  readonly #size: number
  readonly #limits: TemplateLimits
  readonly #slots: RenderSlot[] = []
  readonly #queue: FairQueue<Waiting>
  #nextId = 1
  #closed = false

  constructor({
    root,
    timeoutMs,
    longMs = 5_000,
    workers = 2,
    queue = 64,
    queuePerCaller = queue,
    limits = DEFAULT_LIMITS,
  }: SafeRenderOptions) {
    this.#file = join(root, 'lib', 'prompts', 'render', 'render-worker.ts')
    this.#timeoutMs = timeoutMs
    this.#longMs = longMs
    this.#size = workers
    this.#queue = new FairQueue({ all: queue, perCaller: queuePerCaller })
    // The worker's own clock stops most runaways first: that error tells the place, a killed worker cannot.
    this.#limits = { ...limits, timeMs: Math.min(limits.timeMs, timeoutMs * 0.8) }
  }

  async render(source: PromptSource, values: Values, caller = ''): Promise<RenderedPrompt> {
    const result = await this.#run(caller, { kind: 'render', source }, values)
    if ('rendered' in result) return result.rendered
    throw mixedUp()
  }

  async draft(draft: DraftSource, values: Values, caller = ''): Promise<DraftOutcome> {
    const result = await this.#run(caller, { kind: 'draft', draft }, values)
    if ('draft' in result) return result.draft
    throw mixedUp()
  }

  async compare(
    before: ComparedVersion,
    after: ComparedVersion,
    options: CompareOptions,
    caller = '',
  ): Promise<Cut<FieldDiff>> {
    if (isQuickToCompare(before, after)) return compareVersions(before, after, options)
    const result = await this.#run(caller, { kind: 'compare', before, after, options }, {})
    if ('compared' in result) return result.compared
    throw mixedUp()
  }

  async analyse(content: PromptContent, caller = ''): Promise<Analysis> {
    const source = { content, variables: [] }
    if (!isHeavy(textsOf(source))) return analyse(content, this.#limits.texts)
    return (await this.check(source, caller, { warns: false })).analysis
  }

  async check(source: CheckedSource, caller = '', options: CheckOptions = {}): Promise<PromptCheck> {
    if (!isHeavy(textsOf(source))) return checkPrompt(source, this.#limits.texts, options)
    const result = await this.#run(caller, { kind: 'check', source, options }, {})
    if ('checked' in result) return result.checked
    throw mixedUp()
  }

  #run(caller: string, task: RenderTask, values: Values): Promise<RenderResult> {
    const budget = readBudget(this.#limits.values)
    for (const [name, value] of Object.entries(values)) if (value !== undefined) measure(value, name, budget)
    const job = { id: this.#nextId++, task, values, limits: this.#limits }
    const timeoutMs = isLongWork(task) ? this.#longMs : this.#timeoutMs
    return new Promise((resolve, reject) => this.#take(caller, { job, timeoutMs, resolve, reject }))
  }

  async warm(): Promise<void> {
    while (this.#slots.length < this.#size) this.#addSlot()
    await Promise.all(this.#slots.map((slot) => slot.ready()))
  }

  async close(): Promise<void> {
    this.#closed = true
    for (let next = this.#queue.take(); next; next = this.#queue.take()) next.reject(closing())
    await Promise.all(this.#slots.splice(0).map((slot) => slot.close()))
  }

  #take(caller: string, waiting: Waiting): void {
    if (this.#closed) return waiting.reject(closing())
    const free = this.#slots.find((slot) => slot.isFree) ?? this.#addSlot()
    if (free) return free.run(waiting)
    const refused = this.#queue.add(caller, waiting)
    refused?.work.reject(overloaded(refused.limit))
  }

  #addSlot(): RenderSlot | undefined {
    if (this.#slots.length >= this.#size) return undefined
    const slot = new RenderSlot(this.#file, () => {
      const next = this.#queue.take()
      if (next) slot.run(next)
    })
    this.#slots.push(slot)
    return slot
  }
}

/** What a worker is given more time for: its own clock still stops the render that may follow. */
function isLongWork(task: RenderTask): boolean {
  if (task.kind === 'render') return isHeavy(textsOf(task.source))
  return task.kind !== 'draft'
}

type Values = Readonly<Record<string, unknown>>

function overloaded(limit: 'all' | 'perCaller'): Error {
  const isOwn = limit === 'perCaller'
  const key = isOwn ? 'limits.render_queue_per_caller' : 'limits.render_queue'
  const message = `Too many drafts and comparisons ${isOwn ? 'of yours ' : ''}wait for a thread (${key}).`
  return appError('overloaded', message, { retryAfter: 1, extra: { limit: key } })
}

function mixedUp(): Error {
  return appError('internal', 'The renderer answered something else than it was asked.')
}
