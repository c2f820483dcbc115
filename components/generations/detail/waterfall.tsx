import { formatNumber } from '#components/ui/format.ts'
import { type Stretch, type StretchKind, stretchesOf, type Timed } from '../spans.ts'

type Named = Exclude<StretchKind, 'attempt'>
const NAMES: Record<Named, string> = {
  queue: 'Queued',
  prepare: 'Prepared',
  limit: 'Waited for a limit',
  busy: 'Another call was under way',
  elsewhere: 'Waited for another instance',
  backoff: 'Backoff',
  retry_after: 'Wait that the provider asked for',
  fallback: 'To the fallback',
  wait: 'Waited',
  finish: 'Ended',
}
const WAIT = 'bg-line-strong'
const BARS: Partial<Record<StretchKind, string>> = {
  attempt: 'bg-lapis',
  limit: 'bg-rubric',
  retry_after: 'bg-rubric',
}
/** Where less cannot be seen. */
const LEAST_PERCENT = 0.5

/** The time of a generation, one stretch under the other, each at its offset; the figures beside it say the same. */
export function Waterfall({ generation }: { generation: Timed }) {
  const stretches = stretchesOf(generation)
  const last = stretches.at(-1)
  const whole = last === undefined ? 0 : last.from + last.ms
  if (whole === 0) return null
  return (
    <table aria-label="What the time was spent on" className="mb-6 w-full text-xs tabular-nums">
      <thead>
        <tr className="text-ink-faint">
          <th scope="col" className={`${NAME_CELL} pb-1 font-medium`}>
            Part
          </th>
          <td aria-hidden="true" className="w-full" />
          <th scope="col" className={`${FIGURE_CELL} pb-1 font-medium`}>
            From, ms
          </th>
          <th scope="col" className={`${FIGURE_CELL} pb-1 font-medium`}>
            Took, ms
          </th>
        </tr>
      </thead>
      <tbody>
        {stretches.map((stretch) => (
          <Line key={`${stretch.kind} ${stretch.attempt} ${stretch.from}`} stretch={stretch} whole={whole} />
        ))}
      </tbody>
      <tfoot>
        <tr className="border-line border-t">
          <th scope="row" className={`${NAME_CELL} pt-1.5 font-medium`}>
            Together
          </th>
          <td aria-hidden="true" />
          <td className={`${FIGURE_CELL} pt-1.5`}>0</td>
          <td className={`${FIGURE_CELL} pt-1.5 font-medium`}>{formatNumber(whole)}</td>
        </tr>
      </tfoot>
    </table>
  )
}

const NAME_CELL = 'max-w-44 whitespace-nowrap text-left max-sm:max-w-32 max-sm:whitespace-normal'
const FIGURE_CELL = 'whitespace-nowrap pl-3 text-right'

function Line({ stretch, whole }: { stretch: Stretch; whole: number }) {
  const { kind, from, ms, firstTokenMs: first } = stretch
  const percent = (part: number) => (part / whole) * 100
  const left = Math.min(100 - LEAST_PERCENT, percent(from))
  const width = Math.max(LEAST_PERCENT, Math.min(100 - left, percent(ms)))
  const hasFirst = kind === 'attempt' && typeof first === 'number' && first > 0 && first < ms
  return (
    <tr>
      <th scope="row" className={`${NAME_CELL} py-1 font-normal text-ink-soft`}>
        <span title={nameOf(stretch)} className="block truncate max-sm:whitespace-normal">
          {nameOf(stretch)}
        </span>
      </th>
      <td aria-hidden="true" className="min-w-16 pl-3">
        <span className="block h-2 rounded-full bg-sunken">
          <span
            className={`block h-full overflow-hidden rounded-full ${BARS[kind] ?? WAIT}`}
            style={{ marginLeft: `${left}%`, width: `${width}%` }}
          >
            {hasFirst && (
              // Until the first token it waited for the model, after it the text came.
              <span className="block h-full bg-surface/50" style={{ width: `${(first / ms) * 100}%` }} />
            )}
          </span>
        </span>
      </td>
      <td className={`${FIGURE_CELL} text-ink-faint`}>{formatNumber(Math.round(from))}</td>
      <td className={FIGURE_CELL}>
        {formatNumber(Math.round(ms))}
        {hasFirst && <span className="sr-only">, its first token after {formatNumber(first)}</span>}
      </td>
    </tr>
  )
}

function nameOf({ kind, attempt, configuration }: Stretch): string {
  if (kind === 'attempt') return configuration ? `Attempt ${attempt}: ${configuration}` : `Attempt ${attempt}`
  if (kind === 'limit' && configuration) return `${NAMES.limit} of ${configuration}`
  return NAMES[kind]
}
