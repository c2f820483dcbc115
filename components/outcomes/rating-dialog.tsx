'use client'

import { FormDialog } from '#components/forms/form-dialog.tsx'
import { SelectField } from '#components/forms/select-field.tsx'
import { TextField } from '#components/forms/text-field.tsx'
import { useForm } from '#components/forms/use-form.ts'
import type { Choice } from '#components/ui/overlays/select.tsx'
import { Segments } from '#components/ui/segments.tsx'
import type { OwnRating } from './use-rating.ts'
import { POINTS, pointsOfScore, scoreOfPoints } from './words.ts'

const QUESTION = 'Did it do what it was for?'
const RESULTS = [
  { id: 'success', label: 'Good' },
  { id: 'failure', label: 'Bad' },
] as const

const SCORES: readonly Choice[] = [
  { id: 'none', label: 'No score' },
  ...POINTS.map((points, at) => ({
    id: points,
    label: at === 0 ? '1, the worst' : at === POINTS.length - 1 ? `${points}, the best` : points,
  })),
]

/** A score and a comment besides the thumb. */
export function RatingDialog({
  rating: { own, rate },
  onClose,
}: {
  rating: Pick<OwnRating, 'own' | 'rate'>
  onClose: () => void
}) {
  const form = useForm({
    values: {
      outcome: own?.outcome ?? 'success',
      score: pointsOfScore(own?.score ?? null) ?? 'none',
      note: own?.note ?? '',
    },
    send: async ({ outcome, score, note }) => {
      const points = scoreOfPoints(score)
      await rate({
        outcome: outcome === 'failure' ? 'failure' : 'success',
        ...(points !== undefined && { score: points }),
        ...(note.trim() !== '' && { note: note.trim() }),
      })
      onClose()
    },
  })
  return (
    <FormDialog title="Rate the answer" form={form} action="Save" onClose={onClose}>
      <div className="flex flex-col items-start gap-1.5">
        <span aria-hidden="true" className="font-medium text-sm">
          {QUESTION}
        </span>
        <Segments
          name={QUESTION}
          segments={RESULTS}
          value={form.values.outcome}
          onChange={(id) => form.set({ outcome: id === 'failure' ? 'failure' : 'success' })}
        />
      </div>
      <SelectField form={form} field="score" label="Score" choices={SCORES} />
      <TextField
        form={form}
        field="note"
        label="Comment"
        hint="What was good or wrong about it. Who may read usage reads it."
        rows={4}
      />
    </FormDialog>
  )
}
