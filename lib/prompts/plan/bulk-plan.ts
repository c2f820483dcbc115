import { type AppError, isAppError } from '../../errors.ts'
import { assertMatches, etagOf } from '../../etag.ts'
import type { BulkAnswer, BulkPatch, BulkProblem, BulkResult } from '../bulk-schema.ts'
import type { LockedPrompt } from '../store/lock-prompt.ts'
import { assertTagsAndAliases, isEmptyPlan, type PatchPlan, planPatch, uniqueSorted } from './patch-plan.ts'

/** A prompt that a bulk change names, and the change to it, or why there is none. */
export interface BulkItem {
  /** As it was asked for. */
  name: string
  prompt: LockedPrompt | undefined
  plan: PatchPlan | undefined
  problem: BulkProblem | undefined
  /** ETag after the change. */
  etag: string | undefined
}

/** Decides for each name by itself; only what other prompts include is left to be looked at. */
export function planBulk(
  names: readonly string[],
  found: ReadonlyMap<string, LockedPrompt>,
  patch: BulkPatch,
  etags: Readonly<Record<string, string>> = {},
): BulkItem[] {
  const planned = new Set<string>()
  return names.map((name): BulkItem => {
    const prompt = found.get(name)
    const none = { name, prompt, plan: undefined, problem: undefined, etag: undefined }
    if (prompt === undefined)
      return { ...none, problem: { code: 'not_found', detail: `There is no prompt "${name}".` } }
    // Asked for by two of its names: it changes once.
    if (planned.has(prompt.id)) return none
    try {
      if (Object.hasOwn(etags, name)) assertMatches(etags[name], prompt)
      const plan = planOne(prompt, patch)
      planned.add(prompt.id)
      return isEmptyPlan(plan) ? none : { ...none, plan }
    } catch (error) {
      if (isAppError(error)) return { ...none, problem: problemOf(error) }
      throw error
    }
  })
}

/**
 * Takes the plan of one prompt back, with the reason.
 * @throws what is no error of ours
 */
export function refuseItem(item: BulkItem, error: unknown): void {
  if (!isAppError(error)) throw error
  item.plan = undefined
  item.problem = problemOf(error)
}

function planOne(prompt: LockedPrompt, patch: BulkPatch): PatchPlan {
  const { archived, category, add_tags = [], remove_tags = [] } = patch
  const tags = uniqueSorted([...prompt.tags, ...add_tags]).filter((tag) => !remove_tags.includes(tag))
  const plan = planPatch(prompt, [], {
    tags,
    ...(archived !== undefined && { archived }),
    ...(category !== undefined && { category }),
  })
  if (plan.tags !== undefined) assertTagsAndAliases({ tags })
  return plan
}

function problemOf({ code, message, extra }: AppError): BulkProblem {
  if (code === 'too_large') return { code, detail: message }
  if (code === 'forbidden') {
    const { who } = extra
    return { code, detail: message, ...(Array.isArray(who) && { who: who.map(String) }) }
  }
  if (code !== 'precondition_failed') return { code: 'unprocessable', detail: message }
  const { current_etag } = extra
  return { code, detail: message, ...(typeof current_etag === 'string' && { current_etag }) }
}

/** One prompt that includes another in its newest version. */
export interface Inclusion {
  included_id: string
  user_id: string
  user_name: string
}

/**
 * Takes back what would archive a prompt that stays included by one that is not archived with it. Prompts
 * that include each other go together; one that has to stay keeps what it includes.
 */
export function keepIncluded(items: readonly BulkItem[], inclusions: readonly Inclusion[]): void {
  const going = new Map(
    items.flatMap((item) => (item.plan?.archived === true ? [[item.prompt?.id, item]] : [])),
  )
  const usersOf = Map.groupBy(inclusions, (each) => each.included_id)
  for (let settled = false; !settled; ) {
    settled = true
    for (const [id, item] of going) {
      const users = (usersOf.get(id ?? '') ?? []).filter((each) => !going.has(each.user_id))
      if (users.length === 0) continue
      const names = users
        .map((each) => each.user_name)
        .toSorted()
        .slice(0, 20)
      const list = names.map((name) => `"${name}"`).join(', ')
      const detail = `"${item.prompt?.name}" cannot be archived: it is included by ${list}.`
      item.problem = { code: 'conflict', detail, used_by: names }
      item.plan = undefined
      going.delete(id)
      settled = false
    }
  }
}

/** What is answered once the plans were carried out. */
export function bulkAnswer(items: readonly BulkItem[]): BulkAnswer {
  const results = items.map(resultOf)
  return {
    items: results,
    changed: results.filter(({ changed }) => changed).length,
    failed: results.filter(({ status }) => status === 'failed').length,
    undo: undoOf(items),
  }
}

function resultOf({ name, prompt, plan, problem, etag }: BulkItem): BulkResult {
  return {
    name,
    status: problem === undefined ? 'ok' : 'failed',
    changed: plan !== undefined,
    etag: etag ?? (prompt === undefined ? null : etagOf(prompt)),
    before:
      prompt === undefined
        ? null
        : { category: prompt.category, tags: prompt.tags, archived: prompt.archived },
    problem: problem ?? null,
  }
}

/** Prompts that take the same way back share a body. */
function undoOf(items: readonly BulkItem[]): BulkAnswer['undo'] {
  const bodies = new Map<string, BulkAnswer['undo'][number]>()
  for (const { prompt, plan, etag } of items) {
    if (prompt === undefined || plan === undefined || etag === undefined) continue
    const patch = wayBack(prompt, plan)
    const key = JSON.stringify(patch)
    const body = bodies.get(key) ?? { names: [], patch, etags: {} }
    body.names.push(prompt.name)
    body.etags[prompt.name] = etag
    bodies.set(key, body)
  }
  return [...bodies.values()]
}

function wayBack(prompt: LockedPrompt, plan: PatchPlan): BulkAnswer['undo'][number]['patch'] {
  const now = plan.tags ?? prompt.tags
  const lost = prompt.tags.filter((tag) => !now.includes(tag))
  const gained = now.filter((tag) => !prompt.tags.includes(tag))
  return {
    ...(plan.archived !== undefined && { archived: prompt.archived }),
    ...(plan.category !== undefined && { category: prompt.category }),
    ...(lost.length > 0 && { add_tags: lost }),
    ...(gained.length > 0 && { remove_tags: gained }),
  }
}
