import { formatCost } from '#components/generations/format-generation.ts'
import { timeWords } from '#components/spans/time-words.ts'
import { classNames } from '#components/ui/class-names.ts'
import type { Spending, SpendingQuota } from '#lib/usage/spending-schema.ts'
import { formatCount } from '../format-usage.ts'
import { MonthLine } from './month-line.tsx'

/** What the month is going to cost, and how far its quotas reach. */
export function Forecast({ spending: { forecast, quotas } }: { spending: Spending }) {
  if (forecast === null && quotas.length === 0) return null
  return (
    <div className="grid gap-x-12 gap-y-5 lg:grid-cols-2">
      <div className="min-w-0">
        <h3 className="text-ink-faint text-xs">This month</h3>
        {forecast === null ? (
          <p className="mt-1 text-ink-soft text-sm">
            Too few days are known to tell what the month will cost.
          </p>
        ) : (
          <>
            <p className="font-serif text-[1.75rem] leading-10 tracking-tight tabular-nums">
              {formatCost(forecast.cost.expected)}
            </p>
            <p className="text-ink-soft text-sm">
              expected at its end, {formatCost(forecast.cost.low)} to {formatCost(forecast.cost.high)} in four
              months of five; {formatCost(forecast.cost.spent)} so far. Made from {forecast.days} days.
            </p>
            <MonthLine course={forecast.cost.course} />
          </>
        )}
      </div>
      {quotas.length > 0 && (
        <div className="min-w-0">
          <h3 id="quotas-heading" className="text-ink-faint text-xs">
            Quotas of the month
          </h3>
          <ul aria-labelledby="quotas-heading" className="mt-1 flex flex-col gap-4">
            {quotas.map((quota) => (
              <Quota key={`${quota.configuration} ${quota.quota}`} quota={quota} />
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}

/** How much of a quota is used, and how its month goes on. */
function Quota({
  quota: { configuration, quota, limit, used, expected, reached_at: reached, course },
}: {
  quota: SpendingQuota
}) {
  const words = (value: number) =>
    quota === 'cost' ? formatCost(value) : `${formatCount(Math.round(value))} tokens`
  const isOver = reached !== null
  return (
    <li className="text-sm">
      <p className="flex flex-wrap justify-between gap-x-4">
        <span className="min-w-0 [overflow-wrap:anywhere]">{configuration}</span>
        <span className="text-ink-soft tabular-nums">
          {words(used)} of {words(limit)}
        </span>
      </p>
      <MonthLine course={course} limit={limit} />
      <p className={classNames('mt-1 text-xs', isOver ? 'text-rubric' : 'text-ink-faint')}>
        {reached === null
          ? expected === null
            ? 'Too early to tell how far it goes.'
            : `About ${words(expected)} at the end of the month.`
          : `Used up about ${timeWords('UTC').moment(reached)} UTC.`}
      </p>
    </li>
  )
}
