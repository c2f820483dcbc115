import { listCategories } from '../categories/operations/list-categories.ts'
import { appError, isPassing } from '../errors.ts'
import { alike } from '../likeness.ts'
import { LATEST, PRODUCTION } from '../prompts/name.ts'
import { listLabelNames } from '../prompts/operations/list-label-names.ts'
import type { Caller } from './caller.ts'

/**
 * Refuses an address whose label or category does not exist: the client would see empty lists without a word.
 * Asked anew each time, so that it works from the moment on at which somebody makes them.
 * @throws invalid_input that names what there is
 */
export async function assertScopeExists(caller: Caller): Promise<void> {
  const { label, category } = caller.scope
  const faults = [...(await labelFault(caller, label)), ...(await categoryFault(caller, category))]
  if (faults.length > 0)
    throw appError('invalid_input', `${faults.join(' ')} Correct the address (?label=, ?category=).`)
}

/** The same at a handshake, which goes on while the database is away. */
export async function assertScopeExistsIfKnown(caller: Caller): Promise<void> {
  try {
    await assertScopeExists(caller)
  } catch (error) {
    if (!isPassing(error)) throw error
  }
}

/** Says that no prompt has a label, and which labels there are; nothing when one has it. */
export async function labelFault({ actor }: Caller, label: string | null): Promise<string[]> {
  if (label === null || label === LATEST || label === PRODUCTION) return []
  const labels = await listLabelNames(actor)
  if (labels.includes(label)) return []
  return [`No prompt has the label "${label}". ${named('Labels', [...labels, LATEST])}`]
}

/** Says that there is no such category, and which there are; nothing when there is. */
export async function categoryFault({ actor, scope }: Caller, category: string | null): Promise<string[]> {
  if (category === null) return []
  const { categories } = await listCategories(actor)
  const slugs = categories.map(({ slug }) => slug)
  if (slugs.includes(category)) return []
  const inside = scope.category === null ? slugs : slugs.filter((slug) => slug === scope.category)
  const seen = inside.length === 0 ? slugs : inside
  const [near] = alike(seen, category)
  const meant = near === undefined ? '' : `Did you mean "${near}"? `
  return [`There is no category "${category}". ${meant}${named('Categories', seen)}`]
}

const NAMED_MAX = 50

/** "Labels: a, b." */
export function named(kind: string, names: readonly string[]): string {
  if (names.length === 0) return `There are no ${kind.toLowerCase()}.`
  const more = names.length > NAMED_MAX ? `, … (${names.length} in all)` : ''
  return `${kind}: ${names.slice(0, NAMED_MAX).join(', ')}${more}.`
}
