import { listCategories } from '../categories/operations/list-categories.ts'
import { appError, isPassing } from '../errors.ts'
import { type Counting, countRead } from '../prompts/count-read.ts'
import { LATEST, PRODUCTION } from '../prompts/name.ts'
import { describePrompt, type PromptFacts } from '../prompts/operations/describe-prompt.ts'
import { listLabelNames } from '../prompts/operations/list-label-names.ts'
import type { ReadSelector } from '../prompts/schema.ts'
import { alike } from '../text.ts'
import type { Caller } from './caller.ts'
import { byName } from './did-you-mean.ts'

/**
 * A prompt as a client finds it in its list of prompts.
 * @param counting of a use that begins with it: where it is not found the use is counted here
 * @throws not_found also for one that is in another category or is not published as a prompt
 */
export function publishedPrompt(caller: Caller, name: string, counting?: Counting): Promise<PromptFacts> {
  return byName(caller, name, async () => {
    const startedAt = performance.now()
    try {
      const facts = await visiblePrompt(caller, name)
      if (!facts.publish.prompt) throw notFound(name)
      return facts
    } catch (error) {
      if (counting !== undefined) countMiss(caller, counting, { name }, { startedAt, error })
      throw error
    }
  })
}

/**
 * A prompt that a client sees through its address, however it is published.
 * @throws not_found
 */
export async function visiblePrompt(
  caller: Caller,
  name: string,
  named?: ReadSelector,
): Promise<PromptFacts> {
  const facts = await describePrompt(caller.actor, { name, ...selectorOf(caller, named) })
  const { category } = caller.scope
  if (category !== null && facts.category !== category) throw notFound(name)
  return facts
}

/** Refuses a prompt outside the category of the address; looks nothing up where there is none. */
export async function assertInScope(caller: Caller, name: string, named?: ReadSelector): Promise<void> {
  if (caller.scope.category !== null) await visiblePrompt(caller, name, named)
}

/** The same at the beginning of a use that its operation counts, which has not begun when this refuses. */
export async function assertUseInScope(
  caller: Caller,
  counting: Counting,
  asked: ReadSelector & { name: string },
): Promise<void> {
  if (caller.scope.category === null) return
  const startedAt = performance.now()
  try {
    await visiblePrompt(caller, asked.name)
  } catch (error) {
    countMiss(caller, counting, asked, { startedAt, error })
    throw error
  }
}

/** Counts a use that ends while its prompt is looked for, with its reason: the operations behind count the others. */
function countMiss(
  caller: Caller,
  counting: Counting,
  { name, ...named }: ReadSelector & { name: string },
  { startedAt, error }: { startedAt: number; error: unknown },
): void {
  const asked = { name, ...selectorOf(caller, named) }
  countRead(caller.actor, counting, { asked, found: undefined, startedAt, error })
}

/** The error for a prompt that a client cannot see; the same as for one that does not exist. */
function notFound(name: string): Error {
  return appError('not_found', `There is no prompt "${name}".`)
}

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
  return [`No prompt has the label "${label}". ${listOfNames('Labels', [...labels, LATEST])}`]
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
  return [`There is no category "${category}". ${meant}${listOfNames('Categories', seen)}`]
}

const NAMED_MAX = 50

/** "Labels: a, b." */
export function listOfNames(kind: string, names: readonly string[]): string {
  if (names.length === 0) return `There are no ${kind.toLowerCase()}.`
  const more = names.length > NAMED_MAX ? `, … (${names.length} in all)` : ''
  return `${kind}: ${names.slice(0, NAMED_MAX).join(', ')}${more}.`
}

/** The selected version: the one that the call names, else the label of the address, else production. */
export function selectorOf({ scope }: Caller, { at, ...named }: ReadSelector = {}): ReadSelector {
  const moment = at === undefined ? {} : { at }
  if (named.label !== undefined || named.version !== undefined) return { ...named, ...moment }
  return scope.label === null ? moment : { label: scope.label, ...moment }
}
