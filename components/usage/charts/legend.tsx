import type { Series } from './series.ts'

/** Names of the series with their figures: of the point that is looked at, else of the whole span. */
export function Legend({
  series,
  at,
  format,
  moments,
}: {
  series: readonly Series[]
  at: number | null
  format: (value: number | null) => string
  /** When that was; with a comparison also the other time. */
  moments: readonly string[]
}) {
  return (
    <div
      // The slider tells the same to screen readers.
      aria-hidden="true"
      className="mb-4 flex min-h-10 flex-wrap content-start items-baseline gap-x-5 gap-y-0.5 text-xs sm:min-h-5"
    >
      {series.map(({ key, name, color, dash, values, whole }) => (
        <span key={key} className="flex min-w-0 items-center gap-1.5">
          <svg viewBox="0 0 14 10" className="h-2.5 w-3.5 shrink-0">
            {dash === undefined ? (
              <rect x="1" y="1" width="12" height="8" rx="2" fill={color} />
            ) : (
              <path d="M0 5H14" stroke={color} strokeWidth="2.5" strokeDasharray={dash} />
            )}
          </svg>
          <span className="truncate text-ink-soft">{name}</span>
          <span className="font-medium tabular-nums">
            {format(at === null ? whole : (values[at] ?? null))}
          </span>
        </span>
      ))}
      <span className="ml-auto flex flex-wrap justify-end gap-x-3 text-ink-faint">
        {moments.map((moment) => (
          <span key={moment} className="whitespace-nowrap">
            {moment}
          </span>
        ))}
      </span>
    </div>
  )
}
