import { slugOf } from '#components/categories/slug.ts'
import { isPromptName } from '#lib/liquid/name-rules.ts'
import { SLUG_LENGTH } from '#lib/slug.ts'

/** Where a title has nothing that a name can be made of, as in many scripts. */
const FALLBACK = 'prompt'

/** A name made of a title, `Complaint answer` gives `complaint-answer`; nothing of an empty one. */
export function nameOfTitle(title: string): string {
  if (title.trim() === '') return ''
  const slug = slugOf(title).replace(/-+$/, '')
  return isPromptName(slug) ? slug : slug === '' ? FALLBACK : `${slug}-${FALLBACK}`
}

/** A typed text in the letters of a name; a hyphen at its end stays, as more may follow. */
export function nameTyped(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+/, '')
    .slice(0, SLUG_LENGTH)
}

/** The name itself, then with a number behind it: 2, 3, and so on. */
export function numberedName(name: string, number: number): string {
  const suffix = number === 1 ? '' : `-${number}`
  return name.slice(0, SLUG_LENGTH - suffix.length) + suffix
}
