import { CappedLabel, Durations } from '../../durations.ts'
import { isAppError } from '../../errors.ts'
import { addCounter, countsOf, mirrorDurations } from '../../metrics.ts'
import { getRuntime } from '../../runtime.ts'

/** Upper bounds in seconds: a render out of memory takes microseconds, one in a worker may be killed. */
const BOUNDS = [
  0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1,
  5,
]
const REFUSED = 'incipit_renders_refused_total'

/** saved: a version of a prompt; draft: a text that belongs to none yet. */
export type RenderKind = 'saved' | 'draft'

function renders(): Durations {
  return getRuntime().once('render.metrics', () => new Durations(BOUNDS))
}

/** Measures a render; every one ends here, one that is refused too. */
export function measured<T>(kind: RenderKind, render: () => T | Promise<T>): T | Promise<T> {
  const started = performance.now()
  try {
    const rendering = render()
    if (!(rendering instanceof Promise)) {
      ended(kind, started)
      return rendering
    }
    return rendering.then(
      (rendered) => {
        ended(kind, started)
        return rendered
      },
      (error: unknown) => {
        refused(kind, error)
        throw error
      },
    )
  } catch (error) {
    refused(kind, error)
    throw error
  }
}

function ended(kind: RenderKind, started: number): void {
  renders().add(kind, (performance.now() - started) / 1000)
}

function refused(kind: RenderKind, error: unknown): void {
  countsOf(REFUSED).add(`${kind} ${isAppError(error) ? error.code : 'internal'} ${detailOf(error)}`)
}

/** The words for what is wrong are ours, and some eighty; should one ever be made of something else, it stays few. */
const DETAILS_MAX = 150

function detailOf(error: unknown): string {
  const code = isAppError(error) ? error.details[0]?.code : undefined
  if (code === undefined || !/^\w+$/.test(code)) return 'none'
  return getRuntime()
    .once('render.details', () => new CappedLabel(DETAILS_MAX))
    .of(code)
}

/** Adds renders to /metrics. */
export function addRenderMetrics(): void {
  mirrorDurations(
    {
      name: 'incipit_render_seconds',
      help: 'Time of renders that succeeded, by kind: saved versions, drafts',
      labelNames: ['kind'],
    },
    renders(),
  )
  addCounter({
    name: REFUSED,
    help: 'Renders that were refused, by the code of the error and of its first detail',
    labelNames: ['kind', 'code', 'detail'],
  })
}
