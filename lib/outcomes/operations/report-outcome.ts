import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError, overLimit } from '../../errors.ts'
import { LogThrottle } from '../../log-throttle.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { countReport } from '../outcome-metrics.ts'
import { assertMayReport } from '../policy.ts'
import { isExpired, readReceipt } from '../receipt.ts'
import type { ReadReceipt } from '../receipt-text.ts'
import type { OutcomeReport, ReportOutcomeInput } from '../schema.ts'
import { keepOutcome, notGenuine, type Told } from '../store/keep-outcome.ts'

/**
 * Keeps what came of a use of a prompt, by the receipt that came with it: one outcome for each receipt and caller. Told
 * again it changes nothing, so a retry is safe; another one takes its place.
 * @throws unprocessable for a receipt that is not genuine, is of another workspace or has expired; too_large for a note,
 *   metadata or more changes than the limits allow; forbidden, unavailable
 */
export const reportOutcome = operation('reportOutcome', run)

async function run(actor: Actor, input: ReportOutcomeInput): Promise<OutcomeReport> {
  assertMayReport(actor)
  const told = toldIn(input)
  const receipt = takeReceipt(actor, input.receipt)
  const report = await change(actor, ({ tx }) => keepOutcome(tx, actor, receipt, told))
  countReport(report.change === 'unchanged' ? 'unchanged' : report.outcome)
  return report
}

/** Digits of a score that are kept. */
const SCORE_UNIT = 1_000_000

/** @throws too_large */
function toldIn({ outcome, score, note, metadata }: ReportOutcomeInput): Told {
  const { outcome_note_length: longest, outcome_metadata_bytes: most } = getRuntime().config.limits
  if (note !== undefined && note.length > longest)
    throw overLimit('limits.outcome_note_length', `A note has at most ${longest} characters`, ['note'])
  if (metadata !== undefined && Buffer.byteLength(JSON.stringify(metadata)) > most)
    throw overLimit('limits.outcome_metadata_bytes', `Metadata has at most ${most} bytes`, ['metadata'])
  return {
    outcome,
    score: score === undefined ? null : Math.round(score * SCORE_UNIT) / SCORE_UNIT,
    note: note === undefined || note === '' ? null : note,
    metadata: metadata ?? null,
  }
}

/**
 * The receipt that an actor brings, if it may. Who is pinned to a label has those of its label, and those of versions
 * that were asked for by their number.
 */
function takeReceipt(actor: Actor, text: string): ReadReceipt {
  const receipt = readReceipt(text)
  const isTheirs =
    receipt !== undefined &&
    receipt.workspaceId === actor.workspaceId &&
    (actor.label === null || receipt.label === null || receipt.label === actor.label)
  if (!isTheirs) throw refused(actor)
  if (isExpired(receipt.usedAt)) {
    countReport('expired')
    throw expired()
  }
  return receipt
}

/** Puts it on record. */
function refused({ id, workspaceId, request }: Actor) {
  const throttle = getRuntime().once('outcomes.refused', () => new LogThrottle())
  countReport('not_genuine')
  const level = throttle.failed() ? 'warn' : 'debug'
  const fields = { actor_id: id, workspace_id: workspaceId, request_id: request.id }
  getRuntime().log[level](fields, 'a receipt was refused: it is forged, broken or of another workspace')
  return notGenuine()
}

function expired() {
  const { receipt_days: days } = getRuntime().config.limits
  const message = `has expired: a receipt holds ${days} days (limits.receipt_days)`
  return appError('unprocessable', `\`receipt\` ${message}.`, {
    details: [{ path: ['receipt'], code: 'expired', message }],
    extra: { limit: 'limits.receipt_days' },
  })
}
