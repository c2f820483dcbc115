'use client'

import { CopyButton } from '#components/ui/copying/copy-button.tsx'
import { ScrollRegion } from '#components/ui/scroll-region.tsx'
import { isFinished } from '#lib/generations/status.ts'
import { heardAtEnd, type LiveGeneration } from '../follow/live-generation.ts'
import { AnswerText, AnswerViewChoice } from './answer-view.tsx'

/** The text of the model, growing while it writes. Screen readers hear of it at its end. */
export function Answer({ live, note }: { live: LiveGeneration; note: string | null }) {
  const { text, status } = live
  const isOpen = !isFinished(status)
  return (
    <section aria-labelledby="answer-heading">
      <div className="mb-3 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-2">
        <h2 id="answer-heading" className="mr-auto font-serif text-xl">
          Answer
        </h2>
        {text !== '' && <AnswerViewChoice text={isOpen ? '' : text} />}
        {text !== '' && <CopyButton name="Copy the answer" text={text} label="Copy" look="outline" />}
      </div>
      <ScrollRegion
        name="Text of the answer"
        className="max-h-[75dvh] min-h-28 overflow-y-auto rounded-xl border border-line bg-surface px-4 py-5 sm:px-6 print:max-h-none"
      >
        {note !== null && <p className="mb-4 border-line border-b pb-3 text-ink-soft text-sm">{note}</p>}
        {text === '' ? (
          <p className="text-ink-faint text-sm">
            {isOpen ? 'The first words show here.' : 'There is no text.'}
          </p>
        ) : (
          <AnswerText text={text} isOpen={isOpen} />
        )}
      </ScrollRegion>
      <output className="sr-only">{heardAtEnd(live)}</output>
    </section>
  )
}
