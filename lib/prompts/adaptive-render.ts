import { LRUCache } from 'lru-cache'
import { isAppError } from '../errors.ts'
import type { SafeRenderer } from './safe-render.ts'
import { DEFAULT_LIMITS } from './template/budget.ts'
import type { CompiledPrompt } from './template/compile.ts'
import { TIME_LIMIT } from './template/fault.ts'
import type { PromptSource, RenderedPrompt, TemplateLimits } from './template/types.ts'
import { renderPrompt } from './template.ts'

/** A version to render: `key` is its checksum; `source` is only asked for when a worker must do it. */
export interface VersionRender {
  key: string
  compiled: CompiledPrompt
  source: () => PromptSource
}

export interface AdaptiveRenderer {
  /**
   * Renders a saved version: at once on the caller's thread, or in a worker when this version is known
   * to be slow. A version that is stopped by the clock here is tried again there.
   * @throws AppError (or rejects with one) as renderPrompt and SafeRenderer.render do
   */
  render(
    version: VersionRender,
    values: Readonly<Record<string, unknown>>,
  ): RenderedPrompt | Promise<RenderedPrompt>
}

export interface AdaptiveRenderOptions {
  safe: SafeRenderer
  /** A version that once took longer, in milliseconds, is rendered in a worker from then on. */
  slowMs?: number
  limits?: TemplateLimits
}

/** On the caller's thread the clock stops a render earlier: a worker can still finish it. */
const INLINE_TIME_MS = 100

/** Makes the renderer of saved versions; it remembers the slow ones. */
export function createAdaptiveRenderer(options: AdaptiveRenderOptions): AdaptiveRenderer {
  const { safe, slowMs = 10, limits = DEFAULT_LIMITS } = options
  const inline = { ...limits, timeMs: Math.min(limits.timeMs, INLINE_TIME_MS) }
  const slow = new LRUCache<string, true>({ max: 10_000 })
  return {
    render({ key, compiled, source }, values) {
      if (slow.has(key)) return safe.render(source(), values)
      const start = performance.now()
      try {
        return renderPrompt(compiled, values, inline)
      } catch (error) {
        if (!isAppError(error) || error.details[0]?.code !== TIME_LIMIT) throw error
        return safe.render(source(), values)
      } finally {
        if (performance.now() - start > slowMs) slow.set(key, true)
      }
    },
  }
}
