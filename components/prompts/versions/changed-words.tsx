import type { DiffLine } from '#lib/prompts/comparison/diff.ts'

/** A line of a comparison, with the words marked that only its version has. */
export function ChangedWords({ line }: { line: DiffLine }) {
  if (line.words === undefined) return line.text
  return line.words.map(({ kind, text }, at) => {
    // A run of words has no other identity than its place in a line that never changes.
    if (kind === 'added')
      return (
        <ins key={at} className="rounded-xs bg-added-mark no-underline">
          {text}
        </ins>
      )
    if (kind === 'removed')
      return (
        <del key={at} className="rounded-xs bg-removed-mark no-underline">
          {text}
        </del>
      )
    return text
  })
}

/** The colour of a line, and what a reader hears before it. */
export const LINE_LOOKS = {
  same: { className: '', sign: ' ', heard: '' },
  added: { className: 'bg-added', sign: '+', heard: 'Added: ' },
  removed: { className: 'bg-removed', sign: '−', heard: 'Removed: ' },
} as const
