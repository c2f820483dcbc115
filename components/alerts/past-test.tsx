'use client'

import { useMutation } from '@tanstack/react-query'
import { Button } from '#components/ui/button.tsx'
import { counted, formatMoment } from '#components/ui/format.ts'
import { PREVIEW_DAYS } from '#lib/alerts/rules.ts'
import type { Condition, Preview } from '#lib/alerts/schema.ts'
import { call } from '#lib/rest/client.ts'
import { valueText } from './kind-words.ts'
import { conditionOf, type RuleForm, ruleFaults } from './rule-form.ts'

const SHOWN = 5

/** What the rule would have done, before it is switched on. */
export function PastTest({ form }: { form: RuleForm }) {
  const condition = conditionOf(form.values)
  const { name: _name, ...faults } = ruleFaults(form.values)
  const isWrong = Object.values(faults).some((fault) => fault !== undefined)
  const test = useMutation({
    mutationFn: async (asked: Condition) => ({
      asked: JSON.stringify(asked),
      preview: await call('POST /api/alerts/preview', { body: { condition: asked } }),
    }),
  })
  // What was tested is no longer what is filled in.
  const preview = test.data?.asked === JSON.stringify(condition) ? test.data.preview : undefined
  return (
    <section aria-label="Test on the past" className="rounded-lg border border-line bg-sunken p-4">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h3 className="font-medium text-sm">
          What would it have done in the last {PREVIEW_DAYS.usual} days?
        </h3>
        <Button
          isDisabled={test.isPending}
          reason={isWrong ? 'Fill in the fields above first.' : undefined}
          onPress={() => test.mutate(condition)}
        >
          {test.isPending ? 'Looking…' : 'Test on the past'}
        </Button>
      </div>
      <output className="block">
        {test.error && <p className="mt-3 text-rubric text-sm">{test.error.message}</p>}
        {preview && <Outcome preview={preview} kind={condition.kind} />}
      </output>
    </section>
  )
}

function Outcome({ preview, kind }: { preview: Preview; kind: Condition['kind'] }) {
  const { fired, events, points } = preview
  const peak = Math.max(...points.map(({ value }) => value ?? 0), 0)
  return (
    <div className="mt-3 text-sm">
      <p className="font-medium">
        {fired === 0
          ? 'It would not have fired.'
          : `It would have fired ${fired === 1 ? 'once' : counted(fired, 'time')}.`}
      </p>
      {points.length > 0 && (
        <>
          <Measured points={points} peak={peak} />
          <p className="mt-1 text-ink-faint text-xs">The most was {valueText(kind, peak)}.</p>
        </>
      )}
      <ul className="mt-2 flex flex-col gap-1.5">
        {events.slice(0, SHOWN).map(({ fired_at, summary }) => (
          <li key={`${fired_at} ${summary}`}>
            <time dateTime={fired_at} className="block text-ink-faint text-xs">
              {formatMoment(fired_at)}
            </time>
            {summary}
          </li>
        ))}
      </ul>
      {fired > SHOWN && <p className="mt-1.5 text-ink-faint text-xs">These are the newest.</p>}
    </div>
  )
}

const WIDTH = 600
const HEIGHT = 48

/** What was measured, as a line; the sentences below say the same. */
function Measured({ points, peak }: { points: Preview['points']; peak: number }) {
  const step = WIDTH / Math.max(1, points.length - 1)
  const path = points.map(
    ({ value }, n) => `${n === 0 ? 'M' : 'L'}${(n * step).toFixed(1)} ${heightOf(value, peak)}`,
  )
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      className="mt-3 h-12 w-full text-lapis"
    >
      <path
        d={path.join('')}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}

function heightOf(value: number | null, peak: number): string {
  return (HEIGHT - 1 - (peak === 0 ? 0 : ((value ?? 0) / peak) * (HEIGHT - 2))).toFixed(1)
}
