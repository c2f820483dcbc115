import type { Actor } from '../../access/actor.ts'
import { mayIn } from '../../access/rights.ts'
import { createCategories } from '../../categories/operations/create-categories.ts'
import { type ChangeContext, change } from '../../db/change.ts'
import type { Tx } from '../../db/client.ts'
import { isUniqueViolation } from '../../db/database-error.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { inSlices } from '../../pacing.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import { decide } from '../saving/decide.ts'
import { brokenHandover, findHandover, type Handover } from '../saving/handover.ts'
import { judgeMoves } from '../saving/judge-moves.ts'
import { pinAndCheck } from '../saving/pin.ts'
import { isWritten, type PlannedPrompt } from '../saving/planned.ts'
import type { Deciding } from '../saving/settle-shelf.ts'
import { readState, type State } from '../saving/state.ts'
import { writePlanned } from '../saving/write.ts'
import type { PromptToSave, SavedPrompt } from '../saving-schema.ts'

export interface SavePromptsInput<T> {
  prompts: readonly PromptToSave[]
  /** Nothing is written; `finish` is not called. */
  dryRun: boolean
  /** Goes on in the same transaction with what became of each, in the order of `prompts`. */
  finish: (context: ChangeContext, saved: SavedPrompt[]) => Promise<T>
}

/**
 * Saves many prompts in one change: all that can be saved are, in one transaction, with the includes that they have to
 * each other; each of the others says why not. A dry run tells the same and writes nothing.
 * @returns what `finish` made of it; of a dry run what would become of each
 * @throws forbidden, conflict when somebody took a name meanwhile, too_large, unavailable
 */
export const savePrompts = operation('savePrompts', run)

async function run<T>(
  actor: Actor,
  { prompts, dryRun, finish }: SavePromptsInput<T>,
): Promise<{ saved: SavedPrompt[] } | { finished: T }> {
  assertMay(actor, 'write')
  if (dryRun) {
    const { planned } = await onPrimary(({ prisma }) => plan(prisma, actor, prompts, { lock: false }))
    return { saved: planned.map(({ saved }) => saved) }
  }
  const timeoutMs = getRuntime().config.limits.import_ms
  try {
    const work = async (context: ChangeContext) => {
      await context.tx.$executeRawUnsafe(`SET LOCAL idle_in_transaction_session_timeout = ${timeoutMs}`)
      const { planned, newCategories } = await plan(context.tx, actor, prompts, { lock: true })
      const used = new Set(
        planned.flatMap((each) =>
          isWritten(each) ? [each.categoryId, each.shelf?.category?.id].flatMap((id) => id ?? []) : [],
        ),
      )
      const categories = new Map([...newCategories].filter(([, id]) => used.has(id)))
      if (categories.size > 0) await createCategories(actor, { context, categories })
      await writePlanned(context, actor, planned)
      return finish(
        context,
        planned.map(({ saved }) => saved),
      )
    }
    return { finished: await change(actor, work, { timeoutMs }) }
  } catch (error) {
    if (!isUniqueViolation(error)) throw error
    throw appError('conflict', 'Somebody took one of the names meanwhile; nothing was imported. Try again.', {
      retryAfter: 1,
      cause: error,
    })
  }
}

interface Plan {
  planned: PlannedPrompt[]
  newCategories: Deciding['newCategories']
}

/** How often a plan is made anew for aliases that do not change hands after all. */
const MOST_ROUNDS = 3

/** Aliases change hands only where both sides are saved: what is refused keeps its own. */
async function plan(
  tx: Tx,
  actor: Actor,
  prompts: readonly PromptToSave[],
  options: { lock: boolean },
): Promise<Plan> {
  const state = await readState(tx, actor, prompts, options)
  const keeping = new Set<string>()
  for (let round = 1; ; round++) {
    // At last nobody gives up anything.
    const handover = round > MOST_ROUNDS ? new Map() : findHandover(actor, state, prompts, keeping)
    const made = await planOnce(tx, actor, { prompts, state, handover }, options)
    const broken = brokenHandover(made.planned, handover)
    if (broken.length === 0) return made
    for (const id of broken) keeping.add(id)
  }
}

async function planOnce(
  tx: Tx,
  actor: Actor,
  { prompts, state, handover }: { prompts: readonly PromptToSave[]; state: State; handover: Handover },
  options: { lock: boolean },
): Promise<Plan> {
  const deciding: Deciding = {
    ...state,
    taken: new Map([...state.taken].filter(([name]) => !handover.has(name))),
    newCategories: new Map(),
    mayMakeCategories: mayIn(actor, 'prompts:write', null),
    names: new Set(prompts.map(({ name }) => name)),
    handover,
  }
  const planned: PlannedPrompt[] = []
  const breathe = inSlices()
  for (const prompt of prompts) {
    planned.push(await decide(actor, deciding, prompt))
    await breathe()
  }
  // First: what an include means depends on where labels go.
  await judgeMoves(tx, actor, planned, state.contracts)
  await pinAndCheck(tx, actor, planned, options)
  for (const each of planned) each.saved.isWritten = isWritten(each)
  return { planned, newCategories: deciding.newCategories }
}
