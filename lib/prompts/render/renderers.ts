import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { TemplateLimits } from '../../liquid/types.ts'
import type { ValueLimits } from '../../liquid/value-size.ts'
import { getRuntime } from '../../runtime.ts'
import type { RenderedPrompt } from '../template/types.ts'
import { type AdaptiveRenderer, createAdaptiveRenderer } from './adaptive-render.ts'
import type { CompiledVersion } from './compiled-version.ts'
import { measured } from './render-metrics.ts'
import { createSafeRenderer, type SafeRenderer } from './safe-render.ts'

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
  return measured('saved', () => {
    const { safe, adaptive } = renderers()
    if (isHeavy()) return safe.render(source(), values, callerOf(actor))
    const version = { key: stored.id, compiled: compiled(), source }
    return adaptive.render(version, values, () => callerOf(actor))
  })
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

/** Smaller results are not counted: they cost nothing. In characters. */
const LARGE = 65_536
/** An answer holds a result twice: as a whole and as messages. */
const COPIES = 2

/**
 * Bounds what is rendered in one turn of the event loop. Callers who waited for the same version go on together:
 * all their results exist before the first answer is written, and only there is counted what waits for readers.
 * @param length of a result, in characters
 * @throws overloaded when this turn has made as much as `limits.unsent_bytes` lets wait
 */
export function takeRoomInTurn(length: number): void {
  if (length < LARGE) return
  const turn = getRuntime().once('prompts.turn', () => ({ length: 0 }))
  const most = getRuntime().config.limits.unsent_bytes
  if (turn.length > 0 && turn.length + length * COPIES > most)
    throw appError('overloaded', 'Too many large results are asked for at once. Try again in a moment.', {
      retryAfter: 1,
      extra: { limit: 'limits.unsent_bytes' },
    })
  if (turn.length === 0) setImmediate(() => void (turn.length = 0))
  turn.length += length * COPIES
}

/** What the values of one render may hold by the configuration of this process. */
export function valueLimits(): ValueLimits {
  const { limits } = getRuntime().config
  return {
    length: limits.values_length,
    items: limits.values_items,
    depth: limits.values_depth,
    patternSize: limits.pattern_size,
    patternWork: limits.pattern_work,
  }
}
