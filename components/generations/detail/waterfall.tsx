import { formatSpan } from '../format-generation.ts'
import { type Stretch, stretchesOf } from '../spans.ts'

const NAMES: Record<Stretch['kind'], (attempt: number) => string> = {
  queue: () => 'Queue',
  wait: (attempt) => `Wait, attempt ${attempt}`,
  attempt: (attempt) => `Attempt ${attempt}`,
}
const BARS: Record<Stretch['kind'], string> = {
  queue: 'bg-line-strong',
  wait: 'bg-line-strong',
  attempt: 'bg-lapis',
}
/** Where less cannot be seen. */
const LEAST_PERCENT = 0.5

/** The time of a generation, one stretch under the other, each at its offset. */
export function Waterfall({ generation }: { generation: Parameters<typeof stretchesOf>[0] }) {
  const stretches = stretchesOf(generation)
  const last = stretches.at(-1)
  const whole = last === undefined ? 0 : last.from + last.ms
  if (whole === 0) return null
  return (
    <ol aria-label="What the time was spent on" className="mb-4 flex flex-col gap-1 text-xs tabular-nums">
      {stretches.map(({ kind, attempt, from, ms }) => {
        const left = Math.min(100 - LEAST_PERCENT, (from / whole) * 100)
        const width = Math.max(LEAST_PERCENT, Math.min(100 - left, (ms / whole) * 100))
        return (
          <li
            key={`${kind} ${attempt}`}
            className="grid grid-cols-[9.5rem_minmax(0,1fr)_4.5rem] items-center gap-3 max-sm:grid-cols-[6.5rem_minmax(0,1fr)_4rem]"
          >
            <span className="truncate text-ink-soft">{NAMES[kind](attempt)}</span>
            <span aria-hidden="true" className="h-2 rounded-full bg-sunken">
              <span
                className={`block h-full rounded-full ${BARS[kind]}`}
                style={{ marginLeft: `${left}%`, width: `${width}%` }}
              />
            </span>
            <span className="text-right">{formatSpan(ms)}</span>
          </li>
        )
      })}
    </ol>
  )
}
