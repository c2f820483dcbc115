'use client'

import { useMemo, useState } from 'react'
import { FieldDiffs } from '#components/prompts/versions/field-diffs.tsx'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import { LabelledSelect } from '#components/ui/overlays/labelled-select.tsx'
import { cutDiffs, ON_A_PAGE } from '#lib/prompts/comparison/cut.ts'
import { diffTexts } from '#lib/prompts/comparison/diff.ts'

/** Two answers compared line by line. Loaded when somebody compares. */
export function AnswerComparison({
  answers,
  onClose,
}: {
  answers: readonly { name: string; text: string }[]
  onClose: () => void
}) {
  const [left, setLeft] = useState(answers[0]?.name ?? '')
  const [right, setRight] = useState(answers[1]?.name ?? '')
  const textOf = (name: string) => answers.find((answer) => answer.name === name)?.text ?? ''
  const older = textOf(left)
  const newer = textOf(right)
  const { fields, left_out: leftOut } = useMemo(
    () => cutDiffs([{ ...diffTexts(older, newer), field: 'answer', title: 'Answer' }], ON_A_PAGE),
    [older, newer],
  )
  const choices = answers.map(({ name }) => ({ id: name, label: name }))
  return (
    <Dialog title="Two answers compared" isOpen isWide onOpenChange={(isOpen) => !isOpen && onClose()}>
      <div className="mb-4 grid gap-4 sm:grid-cols-2">
        <LabelledSelect id="compare-left" label="One" choices={choices} value={left} onChange={setLeft} />
        <LabelledSelect
          id="compare-right"
          label="The other"
          choices={choices}
          value={right}
          onChange={setRight}
        />
      </div>
      {older === newer ? (
        <p className="text-ink-soft text-sm">Both say the same, letter by letter.</p>
      ) : (
        <FieldDiffs
          key={`${left} ${right}`}
          fields={fields}
          leftOut={leftOut}
          sides={{ older: left, newer: right }}
          view="split"
        />
      )}
    </Dialog>
  )
}
