'use client'

import { QuestionDialog } from '#components/forms/question-dialog.tsx'
import { counted } from '#components/ui/format.ts'
import type { ImportItem } from '#lib/transfer/schema.ts'

/** So many prompts leave the question below them in sight. */
const SHOWN = 6

/** Items whose labels would refuse callers that are known, by what they do. */
export function breakingItems(items: readonly ImportItem[] = []): ImportItem[] {
  return items.filter(({ breaking = [] }) => breaking.some(({ callers }) => callers.length > 0))
}

/** Asks before an import moves labels to versions that refuse callers, and names these. */
export function BreakingDialog({
  items,
  onDo,
  onClose,
}: {
  items: readonly ImportItem[]
  onDo: () => void
  onClose: () => void
}) {
  return (
    <QuestionDialog
      title="Import what refuses callers?"
      action="Import all the same"
      onDo={async () => onDo()}
      onClose={onClose}
    >
      <p>
        Labels move with this import. Of {counted(items.length, 'prompt')} the new version refuses what
        callers do:
      </p>
      <ul className="list-disc space-y-2 pl-5 text-sm">
        {items.slice(0, SHOWN).map(({ name, breaking = [] }) => (
          <li key={name} className="[overflow-wrap:anywhere]">
            <span className="font-mono text-ink">{name}</span>
            {breaking
              .filter(({ callers }) => callers.length > 0)
              .map(({ label, variable, change, message, callers }) => (
                <span key={`${label} ${variable} ${change}`} className="block">
                  {label}: {message.replaceAll('`', '')}. Meets {someOf(callers)}
                </span>
              ))}
          </li>
        ))}
      </ul>
      {items.length > SHOWN && <p className="text-sm">And {counted(items.length - SHOWN, 'more prompt')}.</p>}
      <p className="text-sm">
        Where that is not meant, switch off “Labels of the files move”, and move them when callers are ready.
      </p>
    </QuestionDialog>
  )
}

function someOf(callers: readonly string[]): string {
  const more = callers.length > 3 ? ` and ${callers.length - 3} more` : ''
  return callers.slice(0, 3).join(', ') + more
}
