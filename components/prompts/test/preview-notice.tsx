import type { ReactNode } from 'react'
import { counted } from '#components/ui/format.ts'
import type { ErrorDetail } from '#lib/errors.ts'
import type { Outcome } from './template-engine.ts'

/** Problems of a text that are named at once. */
const SHOWN = 3

/** The reason why there is no new result: missing or wrong values, or errors of the text. */
export function PreviewNotice({
  outcome,
  onGoTo,
}: {
  outcome: Exclude<Outcome, { state: 'rendered' }>
  onGoTo: (variable: string) => void
}) {
  switch (outcome.state) {
    case 'incomplete':
      return <StillNeeded outcome={outcome} onGoTo={onGoTo} />
    case 'invalid':
      return <Faults problems={outcome.problems} />
    case 'heavy':
      return <p className="text-ink-soft text-sm">This takes more work than a page should do.</p>
    case 'failed':
      return (
        <p className="text-sm">
          <Wrong>It cannot be rendered. </Wrong>
          {outcome.message}
        </p>
      )
  }
}

function Wrong({ children }: { children: ReactNode }) {
  return <strong className="font-medium text-rubric">{children}</strong>
}

function Faults({ problems }: { problems: readonly ErrorDetail[] }) {
  const rest = problems.length - SHOWN
  return (
    <div className="text-sm">
      <Wrong>The text is not right yet</Wrong>
      <ul className="mt-1 flex flex-col gap-1">
        {problems.slice(0, SHOWN).map(({ path, range, message, hint }) => (
          <li key={`${path.join('.')} ${range?.start} ${message}`}>
            <span className="text-ink-faint">{placeOf(path, range)}: </span>
            {message}
            {hint && <span className="text-ink-soft">. {hint}</span>}
          </li>
        ))}
        {rest > 0 && <li className="text-ink-faint">and {counted(rest, 'more problem')}</li>}
      </ul>
    </div>
  )
}

function placeOf(path: ErrorDetail['path'], range: ErrorDetail['range']): string {
  const message =
    path[0] === 'messages' && typeof path[1] === 'number' ? `Message ${path[1] + 1}, line` : 'Line'
  return range === undefined ? message : `${message} ${range.line}, column ${range.column}`
}

function StillNeeded({
  outcome: { missing, wrong },
  onGoTo,
}: {
  outcome: Extract<Outcome, { state: 'incomplete' }>
  onGoTo: (variable: string) => void
}) {
  const unfit = wrong.map(({ path }) => String(path[1]))
  return (
    <div className="flex flex-col gap-3 text-ink-soft text-sm">
      {missing.length > 0 && (
        <Named
          words={`${beOf(counted(missing.length, 'required value'), missing)} missing:`}
          names={missing}
          onGoTo={onGoTo}
        />
      )}
      {unfit.length > 0 && (
        <Named
          words={`${beOf(counted(unfit.length, 'value'), unfit)} not right yet:`}
          names={unfit}
          onGoTo={onGoTo}
        />
      )}
    </div>
  )
}

function beOf(what: string, { length }: readonly string[]): string {
  return `${what} ${length === 1 ? 'is' : 'are'}`
}

/** Variables that something is said of, each a way to its field. */
function Named({
  words,
  names,
  onGoTo,
}: {
  words: string
  names: readonly string[]
  onGoTo: (variable: string) => void
}) {
  return (
    <div>
      <p>{words}</p>
      <ul className="mt-2 flex flex-wrap gap-2">
        {names.map((name) => (
          <li key={name}>
            <button
              type="button"
              onClick={() => onGoTo(name)}
              className="min-h-7 break-all rounded bg-rubric-wash px-2 text-left font-mono text-rubric text-xs hover:underline"
            >
              {name}
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
