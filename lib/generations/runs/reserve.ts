import type { CallableConfiguration } from '../../ai/calls/call-model.ts'
import { costOf } from '../../ai/cost.ts'
import { estimateCall } from '../../ai/limits/estimate-call.ts'
import { type ReserveSpendingInput, reserveSpending } from '../../ai/limits/reserve-spending.ts'
import type { SettleSpendingInput } from '../../ai/limits/settle-spending.ts'
import type { Tx } from '../../db/client.ts'
import { type AppError, isAppError } from '../../errors.ts'
import type { Message } from '../../prompts/content/content.ts'

/** A configuration that can be called and is counted against its limits. */
export type UsableConfiguration = CallableConfiguration & { limits: ReserveSpendingInput['configuration'] }

export interface ReserveRequest {
  workspaceId: string
  configuration: UsableConfiguration
  messages: readonly Message[]
  /** The requester, for the first reservation of a generation: it counts against the limit of callers. */
  callerId?: string | undefined
}

export type Reserved =
  | { reservation: SettleSpendingInput['reservation'] }
  /** What the limits refuse; `isPassing`: the same fits once the minute is over. */
  | { refusal: AppError; isPassing: boolean }

/** What a call may take at most. */
export function spendingOf(request: ReserveRequest): ReserveSpendingInput {
  const { workspaceId, configuration, messages, callerId } = request
  const most = estimateCall(configuration.facts, messages)
  return {
    workspaceId,
    configuration: configuration.limits,
    callerId,
    tokens: most.input + most.output,
    cost: costOf(configuration.facts, most) ?? 0,
  }
}

/** Sets aside what a call may take. A refusal leaves nothing behind in the transaction. */
export async function reserveCall(tx: Tx, request: ReserveRequest): Promise<Reserved> {
  try {
    return { reservation: await reserveSpending(tx, spendingOf(request)) }
  } catch (error) {
    if (!isAppError(error)) throw error
    return { refusal: error, isPassing: error.code === 'rate_limited' && !neverFits(error) }
  }
}

/** More is asked for than the limit allows at any time. */
function neverFits({ extra }: AppError): boolean {
  return typeof extra.asked === 'number' && typeof extra.allowed === 'number' && extra.asked > extra.allowed
}
