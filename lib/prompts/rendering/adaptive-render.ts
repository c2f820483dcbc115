import { LRUCache } from 'lru-cache'
import { isAppError } from '../../errors.ts'
import { DEFAULT_LIMITS } from '../../liquid/budget.ts'
import { ENGINE_LIMIT, TIME_LIMIT, WORK_LIMIT } from '../../liquid/fault.ts'
import type { TemplateLimits } from '../../liquid/types.ts'
import type { CompiledPrompt } from '../template/compile.ts'
import type { PromptSource, RenderedPrompt } from '../template/types.ts'
import { renderPrompt } from '../template.ts'
import type { SafeRenderer } from './safe-render.ts'

/** A version to render: `key` is its id, which no two workspaces share; `source` is only asked for when a worker must do it. */
export interface VersionRender {
  key: string
  compiled: CompiledPrompt
  source: () => PromptSource
}

export interface AdaptiveRenderer {
  /**
   * Renders a saved version: at once on the caller's thread, or in a worker when this version is known
   * to be slow. A render that turns out to be slow here is stopped and done there.
   * @param caller says whose turn it is in the workers; see SafeRenderer
   * @throws AppError (or rejects with one) as renderPrompt and SafeRenderer.render do
   */
  render(
    version: VersionRender,
    values: Readonly<Record<string, unknown>>,
    caller?: () => string,
  ): RenderedPrompt | Promise<RenderedPrompt>
}

export interface AdaptiveRenderOptions {
  safe: SafeRenderer
  limits?: TemplateLimits
  /** Work units for the caller's thread; the default is about 10 ms. */
  inlineWork?: number
}

/**
 * Slow is judged by work, which is the same in every run, and by processor time as the last resort: by the
 * clock, a pause of the machine would send a quick version to the workers. Being marked ends after a while.
 */
const INLINE_WORK = 1_000_000
const INLINE_TIME_MS = 50
const MARKED_MS = 60_000

/** Makes the renderer of saved versions; it remembers the slow ones. */
export function createAdaptiveRenderer(options: AdaptiveRenderOptions): AdaptiveRenderer {
  const { safe, limits = DEFAULT_LIMITS, inlineWork = INLINE_WORK } = options
  const inline = {
    ...limits,
    work: Math.min(limits.work, inlineWork),
    timeMs: Math.min(limits.timeMs, INLINE_TIME_MS),
  }
  const slow = new LRUCache<string, true>({ max: 10_000, ttl: MARKED_MS })
  return {
    render({ key, compiled, source }, values, caller) {
      if (slow.has(key)) return safe.render(source(), values, caller?.())
      try {
        return renderPrompt(compiled, values, inline)
      } catch (error) {
        if (!isSlow(error)) throw error
        slow.set(key, true)
        return safe.render(source(), values, caller?.())
      }
    },
  }
}

function isSlow(error: unknown): boolean {
  if (!isAppError(error)) return false
  const code = error.details[0]?.code
  return code === TIME_LIMIT || code === WORK_LIMIT || code === ENGINE_LIMIT
}
