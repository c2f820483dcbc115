'use client'

import { useId } from 'react'
import { FIELD_TITLES } from '#components/prompts/versions/shown-fields.ts'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import { TextArea } from '#components/ui/text-area.tsx'
import type { MergeChoice } from '#lib/prompts/comparison/merge-values.ts'
import type { Conflict } from '#lib/prompts/comparison/version-merge.ts'

interface Props {
  conflict: Conflict
  choice: MergeChoice | undefined
  onChoose: (choice: MergeChoice) => void
}

/** A place that both changed: one side, both, or a text written by hand. */
export function ConflictPiece({ conflict, choice, onChoose }: Props) {
  const id = useId()
  const { field, place, base, mine, theirs, isText } = conflict
  return (
    <section aria-labelledby={id} className="rounded-xl border border-line">
      <div className="flex flex-wrap items-baseline gap-2 border-line border-b px-4 py-2">
        <h4 id={id} className="font-medium text-sm">
          {FIELD_TITLES[field]}
          {place && <span className="text-ink-soft"> · {place}</span>}
        </h4>
        <span className={classNames('ml-auto text-xs', choice === undefined ? 'text-rubric' : 'text-moss')}>
          {choice === undefined ? 'to choose' : 'chosen'}
        </span>
      </div>
      <div className="grid divide-y divide-line md:grid-cols-3 md:divide-x md:divide-y-0">
        <Side title="Before" text={base} />
        <Side
          title="Theirs"
          text={theirs}
          isChosen={choice === 'theirs'}
          onChoose={() => onChoose('theirs')}
        />
        <Side title="Yours" text={mine} isChosen={choice === 'mine'} onChoose={() => onChoose('mine')} />
      </div>
      {isText && <ByHand conflict={conflict} choice={choice} onChoose={onChoose} />}
    </section>
  )
}

/** The text of a place, written by hand or begun from both sides. */
function ByHand({ conflict: { mine, theirs }, choice, onChoose }: Props) {
  const both = [theirs, mine].filter((side) => side !== '').join('\n')
  return (
    <div className="flex flex-col gap-2 border-line border-t p-3">
      {typeof choice === 'object' ? (
        <TextArea
          aria-label="Text in this place"
          value={choice.text}
          onChange={(event) => onChoose({ text: event.target.value })}
          className="font-mono"
          spellCheck={false}
        />
      ) : (
        <div className="flex flex-wrap gap-2">
          <Button onPress={() => onChoose({ text: both })}>Both, one after the other</Button>
          <Button onPress={() => onChoose({ text: choice === 'theirs' ? theirs : mine })}>
            Write it by hand
          </Button>
        </div>
      )}
    </div>
  )
}

function Side({
  title,
  text,
  isChosen,
  onChoose,
}: {
  title: string
  text: string
  isChosen?: boolean
  onChoose?: () => void
}) {
  return (
    <div className={classNames('flex min-w-0 flex-col gap-2 p-3', isChosen && 'bg-lapis-wash')}>
      <div className="flex h-8 items-center justify-between gap-2">
        <p className="text-ink-soft text-xs">{title}</p>
        {onChoose && (
          <Button aria-pressed={isChosen} look={isChosen ? 'primary' : 'outline'} onPress={onChoose}>
            {isChosen ? `${title} is taken` : `Take ${title.toLowerCase()}`}
          </Button>
        )}
      </div>
      {text === '' ? (
        <p className="text-ink-faint text-sm italic">Nothing</p>
      ) : (
        <pre className="whitespace-pre-wrap font-mono text-sm [overflow-wrap:anywhere]">{text}</pre>
      )}
    </div>
  )
}
