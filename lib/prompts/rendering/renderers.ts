import { getRuntime } from '../../runtime.ts'
import { DEFAULT_LIMITS } from '../template/budget.ts'
import { type AdaptiveRenderer, createAdaptiveRenderer } from './adaptive-render.ts'
import { createSafeRenderer, type SafeRenderer } from './safe-render.ts'

/** What renders in this process: saved versions on its own thread while they are quick, drafts in workers. */
interface Renderers {
  safe: SafeRenderer
  adaptive: AdaptiveRenderer
}

/** The renderers of this process, with the limits of its configuration; workers start when needed. */
export function renderers(): Renderers {
  return getRuntime().once('prompts.renderers', (runtime) => {
    const { limits: configured, root } = runtime.config
    const limits = {
      ...DEFAULT_LIMITS,
      output: configured.output_bytes,
      timeMs: configured.render_ms,
      values: { length: configured.values_length, items: configured.values_items },
    }
    const safe = createSafeRenderer({
      root,
      timeoutMs: configured.render_ms,
      workers: configured.render_workers,
      queue: configured.render_queue,
      limits,
    })
    runtime.onShutdown('close', 'render workers', () => safe.close())
    return { safe, adaptive: createAdaptiveRenderer({ safe, limits }) }
  })
}
