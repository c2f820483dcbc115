'use client'

import { PASSWORD_MAX, PASSWORD_MIN } from '#lib/people/rules.ts'
import { type Entry, PasswordField } from './entry-form.tsx'

/** From here on its length alone keeps a password from being guessed. */
const GOOD_LENGTH = 16

/** A password to choose, with what its length is worth. */
export function NewPasswordField<V extends Record<string, string>>({
  entry,
  field,
  label,
}: {
  entry: Entry<V>
  field: keyof V & string
  label: string
}) {
  const length = entry.values[field]?.length ?? 0
  const { step, words } = strengthOf(length)
  return (
    <div>
      <PasswordField
        entry={entry}
        field={field}
        label={label}
        autoComplete="new-password"
        minLength={PASSWORD_MIN}
        maxLength={PASSWORD_MAX}
        hint={`At least ${PASSWORD_MIN} characters. A few words in a row are easy to keep and hard to guess.`}
        required
      />
      <div aria-hidden="true" className="mt-2 flex gap-1">
        {[1, 2, 3].map((part) => (
          <span key={part} className={`h-1 flex-1 rounded-full ${part <= step ? FILLS[step] : 'bg-hover'}`} />
        ))}
      </div>
      <output className="mt-1 block min-h-4.5 text-ink-faint text-xs">{words}</output>
    </div>
  )
}

const FILLS = ['', 'bg-rubric', 'bg-lapis', 'bg-moss'] as const

/** What a length is worth: 0 nothing is typed, 1 too short, 2 enough, 3 good. */
export function strengthOf(length: number): { step: 0 | 1 | 2 | 3; words: string } {
  if (length === 0) return { step: 0, words: '' }
  if (length < PASSWORD_MIN) return { step: 1, words: `Too short: ${PASSWORD_MIN - length} more.` }
  if (length < GOOD_LENGTH) return { step: 2, words: 'Long enough. Longer is better.' }
  return { step: 3, words: 'Good length.' }
}
