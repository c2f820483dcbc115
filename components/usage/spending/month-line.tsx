import { timeWords } from '#components/spans/time-words.ts'
import type { Course } from '#lib/usage/spending-schema.ts'
import { heightOn, scaleTo } from '../charts/scale.ts'
import type { Series } from '../charts/series.ts'
import { Lines } from '../charts/shapes.tsx'

const words = timeWords('UTC')

/**
 * How a month grows, day by day: as it was, dashed as it is expected, with the limit of a quota across. What it
 * says stands beside it in words.
 */
export function MonthLine({ course, limit }: { course: Course; limit?: number }) {
  const scale = scaleTo(Math.max(limit ?? 0, ...course.map(({ sum }) => sum)), { count: 2 })
  const limitAt = limit === undefined ? undefined : 100 - heightOn(scale, limit) * 100
  const [first, last] = endsOf(course)
  const count = last.getUTCDate()
  return (
    <div aria-hidden="true" className="mt-2">
      <div className="relative h-16 border-line-strong border-b">
        <svg
          aria-hidden="true"
          viewBox={`0 0 ${count} 100`}
          preserveAspectRatio="none"
          className="absolute inset-0 size-full overflow-visible"
        >
          {limitAt !== undefined && (
            <path d={`M0,${limitAt}H${count}`} stroke="var(--rubric)" vectorEffect="non-scaling-stroke" />
          )}
          <Lines series={linesOf(course)} scale={scale} />
        </svg>
        {limitAt !== undefined && (
          <span
            className="absolute left-0 bg-paper pr-1 text-2xs text-rubric"
            style={{ top: `${limitAt}%`, transform: limitAt < 30 ? 'translateY(2px)' : 'translateY(-110%)' }}
          >
            limit
          </span>
        )}
      </div>
      <p className="mt-1 flex justify-between text-2xs text-ink-faint">
        <span>{words.day(first.toISOString())}</span>
        <span>{words.day(last.toISOString())}</span>
      </p>
    </div>
  )
}

/** The first and the last day of the month; a course begins with its first, and may end with today. */
function endsOf([first]: Course): [first: Date, last: Date] {
  const begin = new Date(first?.time ?? 0)
  return [begin, new Date(Date.UTC(begin.getUTCFullYear(), begin.getUTCMonth() + 1, 0))]
}

/** The line of what was, and of what is expected from today on. */
function linesOf(course: Course): Series[] {
  const today = course.findLastIndex((day) => !day.is_expected)
  const line = (key: string, isPart: (index: number) => boolean, dash?: string): Series => ({
    key,
    name: key,
    color: 'var(--series-1)',
    ...(dash !== undefined && { dash }),
    values: course.map(({ sum }, index) => (isPart(index) ? sum : null)),
    whole: null,
  })
  return [line('was', (index) => index <= today), line('expected', (index) => index >= today, '4 3')]
}
