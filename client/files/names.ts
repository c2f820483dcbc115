import { SLUG } from '#lib/slug.ts'
import { incipitError } from '../http/problem.ts'

/** Names that Windows gives to devices, whatever comes after them. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/

export function isSlug(text: string): boolean {
  return SLUG.test(text)
}

/**
 * Where the file of a prompt is, within the folder. What a server answers is not trusted: a name that could lead
 * elsewhere is refused.
 * @throws IncipitError
 */
export function filePathOf({
  name,
  category,
}: {
  name: string
  category?: string | null | undefined
}): string {
  for (const part of category === null || category === undefined ? [name] : [category, name])
    if (!isSlug(part) || (process.platform === 'win32' && DEVICE.test(part)))
      throw incipitError(
        'unexpected_answer',
        `"${part}" cannot be the name of a file here: nothing was written.`,
      )
  return category === null || category === undefined ? `${name}.md` : `${category}/${name}.md`
}
