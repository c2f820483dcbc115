import type { Actor } from '../../access/actor.ts'
import type { TemplateLimits } from '../../liquid/types.ts'
import { getRuntime } from '../../runtime.ts'
import type { RenderedPrompt } from '../template/types.ts'
import { type AdaptiveRenderer, createAdaptiveRenderer } from './adaptive-render.ts'
import type { CompiledVersion } from './compiled-version.ts'
import { createSafeRenderer, type SafeRenderer } from './safe-render.ts'
import { valueLimits } from './value-limits.ts'

/** What renders in this process: saved versions on its own thread while they are quick, drafts in workers. */
interface Renderers {
  safe: SafeRenderer
  adaptive: AdaptiveRenderer
}

/**
 * The caller, as far as it can be told, behind its workspace: work of different workspaces takes turns, and within
 * one that of different callers. Nothing is in it that a caller could say otherwise in each request, to have
 * more turns.
 */
export function callerOf({ workspaceId, id, request: { address, surface } }: Actor): string {
  return [workspaceId, id, address, surface].join(' ')
}

/**
 * Renders a saved version: here while it is quick, in a worker when it is known to be slow, or heavy to parse.
 * @throws AppError (or rejects with one) as AdaptiveRenderer.render does
 */
export function renderVersion(
  actor: Actor,
  { stored, compiled, source, isHeavy }: CompiledVersion,
  values: Readonly<Record<string, unknown>>,
): RenderedPrompt | Promise<RenderedPrompt> {
  const { safe, adaptive } = renderers()
  if (isHeavy()) return safe.render(source(), values, callerOf(actor))
  const version = { key: stored.id, compiled: compiled(), source }
  return adaptive.render(version, values, () => callerOf(actor))
}

/** The renderers of this process, with the limits of its configuration; workers start when needed. */
export function renderers(): Renderers {
  return getRuntime().once('prompts.renderers', (runtime) => {
    const { limits: configured, root } = runtime.config
    const limits: TemplateLimits = {
      work: configured.render_work,
      output: configured.output_bytes,
      timeMs: configured.render_ms,
      values: valueLimits(),
      texts: {
        tags: configured.template_tags,
        depth: configured.template_depth,
        includeDepth: configured.include_depth,
      },
    }
    const safe = createSafeRenderer({
      root,
      timeoutMs: configured.render_ms,
      workers: configured.render_workers,
      queue: configured.render_queue,
      queuePerCaller: configured.render_queue_per_caller,
      longMs: configured.long_text_ms,
      limits,
    })
    runtime.onShutdown('close', 'render workers', () => safe.close())
    return { safe, adaptive: createAdaptiveRenderer({ safe, limits }) }
  })
}
