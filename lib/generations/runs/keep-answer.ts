import { setTimeout as delay } from 'node:timers/promises'
import type { Actor } from '../../access/actor.ts'
import { sqlState } from '../../db/database-error.ts'
import { isPassing } from '../../errors.ts'
import { getRuntime } from '../../runtime.ts'
import { cutText, mendText } from '../../text.ts'
import type { AttemptEnd } from '../store/attempt.ts'
import { failGeneration } from './fail-generation.ts'
import { type FinishAttemptInput, finishAttempt } from './finish-attempt.ts'

const KEEP_EVERY_MS = 250
const INTEGER_MAX = 2_147_483_647
const COST_MAX = 9_999_999_999
/** More than any provider's own id of a request has. */
const ID_LENGTH = 500

type Form = (input: FinishAttemptInput, refusal: unknown) => FinishAttemptInput
/** The best first. */
const FORMS: readonly (readonly [name: string, Form])[] = [
  ['as it is', (input) => input],
  ['cleaned', cleaned],
  ['without its text', withoutText],
]

/**
 * Keeps what came of an attempt, for what was answered is paid for. While the database is away, or took back a
 * transaction, it is held on to for `ai.keep_ms`. Where the database does not take it as it is, it is kept in
 * the next form that it takes: cleaned, then without its text, as a failure that has its usage and its cost.
 * @throws unavailable when it could not be kept in time; what the database says when it takes no form of it
 */
export async function keepAnswer(actor: Actor, input: FinishAttemptInput): Promise<void> {
  const deadline = performance.now() + getRuntime().config.ai.keep_ms
  let refusal: unknown
  for (const [name, form] of FORMS) {
    const kept = form(input, refusal)
    try {
      const isKept = await retryUntil(deadline, () => finishAttempt(actor, kept))
      // No other configuration is asked: the answer was paid for.
      const { reason } = kept.end
      if (isKept && kept.end.status !== input.end.status && reason !== undefined)
        await retryUntil(deadline, () => failGeneration(actor, { id: input.id, reason }))
      if (refusal !== undefined) tell(input, name, refusal)
      return
    } catch (error) {
      if (isPassing(error)) throw error
      refusal = error
    }
  }
  throw refusal
}

/** Retries while the failure is passing, until the deadline. */
async function retryUntil<T>(deadline: number, work: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isPassing(error) || performance.now() > deadline) throw error
      await delay(KEEP_EVERY_MS)
    }
  }
}

/** With text that can be stored, and figures that their columns hold. */
function cleaned(input: FinishAttemptInput): FinishAttemptInput {
  const text = mendText(cutText(input.text, getRuntime().config.ai.answer_length))
  return { ...input, end: cleanedEnd(input.end), text }
}

function withoutText(input: FinishAttemptInput, refusal: unknown): FinishAttemptInput {
  const { status, reason, ...end } = cleanedEnd(input.end)
  if (status !== 'succeeded') return { ...input, end: { ...end, status, reason }, text: '' }
  const state = sqlState(refusal)
  const message = `The database does not take the text of the answer${state === undefined ? '' : ` (SQLSTATE ${state})`}. Its tokens and its cost are kept.`
  return { ...input, end: { ...end, status: 'failed', reason: { code: 'not_kept', message } }, text: '' }
}

function cleanedEnd({
  used,
  requestId,
  finishReason,
  latencyMs,
  firstTokenMs,
  ...end
}: AttemptEnd): AttemptEnd {
  return {
    ...end,
    used: used && {
      tokens: { input: whole(used.tokens.input) ?? 0, output: whole(used.tokens.output) ?? 0 },
      cost: within(used.cost, COST_MAX),
    },
    requestId: requestId && mendText(cutText(requestId, ID_LENGTH)),
    finishReason: finishReason && mendText(cutText(finishReason, ID_LENGTH)),
    latencyMs: whole(latencyMs) ?? undefined,
    firstTokenMs: whole(firstTokenMs),
  }
}

function whole(value: number | null | undefined): number | null {
  const known = within(value, INTEGER_MAX)
  return known === null ? null : Math.round(known)
}

/** null for what is no amount. */
function within(value: number | null | undefined, most: number): number | null {
  if (value === null || value === undefined || Number.isNaN(value)) return null
  return Math.min(Math.max(value, 0), most)
}

function tell({ id }: FinishAttemptInput, form: string, refusal: unknown): void {
  getRuntime().log.warn(
    { err: refusal, generation: id, kept: form },
    'the database does not take what came of a call as it is; it is kept in another form',
  )
}
