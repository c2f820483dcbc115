import type { Tx } from '../../db/client.ts'
import { getRuntime } from '../../runtime.ts'
import { limitRefusal } from './limit-refusal.ts'
import {
  callerSubject,
  configurationSubject,
  exactCost,
  type LimitedConfiguration,
  type Reservation,
  type WantedWindow,
} from './spending.ts'
import { takeWindows } from './take-windows.ts'

export interface ReserveSpendingInput {
  workspaceId: string
  configuration: LimitedConfiguration
  /** The requester, when this counts against `limits.generations_per_minute` too: once a generation. */
  callerId?: string | undefined
  /** Calls; 1 when left out. */
  requests?: number | undefined
  /** Most tokens, in and out, that the calls may take about. */
  tokens: number
  /** Most US dollars. */
  cost: number
  /** The time that counts; the database's clock when left out. */
  at?: Date | undefined
}

/**
 * Sets aside what a call may take, against every limit of its configuration: exact under concurrency and
 * across instances. Belongs into the transaction that writes down who holds it, as late as can be: the
 * rows stay locked until that ends. After the call, `settleSpending` puts the real figures in its place.
 * A refusal leaves nothing behind, so that the transaction may go on.
 * @throws rate_limited and quota_exceeded, with retryAfter (seconds until it begins anew) and the members
 *   `configuration`, `limit`, `allowed`, `used`, `asked`, `resets_at`; `asked` above `allowed` never fits
 */
export async function reserveSpending(tx: Tx, input: ReserveSpendingInput): Promise<Reservation> {
  const { workspaceId, configuration, at } = input
  const { wanted, reservation } = plannedSpending(input)
  const taken = await takeWindows(tx, workspaceId, wanted, at)
  if (!taken.isTaken) throw await limitRefusal(tx, workspaceId, taken.at, wanted, configuration.name)
  return { ...reservation, reservedAt: taken.at }
}

/**
 * What `take_spending` of the database is asked for, and the reservation that it makes: for a statement that
 * reserves along with what else it does.
 */
export function plannedSpending(input: Omit<ReserveSpendingInput, 'at'>): {
  wanted: WantedWindow[]
  reservation: Omit<Reservation, 'reservedAt'>
} {
  const { workspaceId, configuration, callerId, requests = 1 } = input
  const tokens = Math.ceil(input.tokens)
  const cost = exactCost(input.cost)
  const wanted = windowsOf(configuration, { requests, tokens, cost })
  if (callerId !== undefined) wanted.push(callerWindow(callerId, requests))
  const reservation = { workspaceId, configurationId: configuration.id, requests, tokens, cost: Number(cost) }
  return { wanted, reservation }
}

export interface CountCallerInput {
  workspaceId: string
  callerId: string
  /** Generations that are asked for at once. */
  requests: number
  at?: Date | undefined
}

/**
 * Counts generations against `limits.generations_per_minute` of who asks, where no call is reserved yet,
 * as for a batch.
 * @throws rate_limited
 */
export async function countCaller(tx: Tx, input: CountCallerInput): Promise<void> {
  const { workspaceId, callerId, requests, at } = input
  const wanted = [callerWindow(callerId, requests)]
  const taken = await takeWindows(tx, workspaceId, wanted, at)
  if (!taken.isTaken) throw await limitRefusal(tx, workspaceId, taken.at, wanted, undefined)
}

function windowsOf(
  configuration: LimitedConfiguration,
  amount: { requests: number; tokens: number; cost: string },
): WantedWindow[] {
  const subject = configurationSubject(configuration.id)
  const { monthly_cost_quota: quota } = configuration
  return [
    {
      subject,
      period: 'minute',
      ...amount,
      max_requests: configuration.requests_per_minute,
      max_tokens: configuration.tokens_per_minute,
      max_cost: null,
    },
    {
      subject,
      period: 'month',
      ...amount,
      max_requests: null,
      max_tokens: configuration.monthly_token_quota,
      max_cost: quota === null ? null : exactCost(quota),
    },
  ]
}

function callerWindow(callerId: string, requests: number): WantedWindow {
  return {
    subject: callerSubject(callerId),
    period: 'minute',
    requests,
    tokens: 0,
    cost: '0',
    max_requests: getRuntime().config.limits.generations_per_minute,
    max_tokens: null,
    max_cost: null,
  }
}

/**
 * Locks what is spent of several configurations until the transaction ends. Call it before
 * settling or reserving for more than one of them: all transactions then lock them in one order, and no two wait
 * for each other.
 */
export async function lockSpending(
  tx: Tx,
  workspaceId: string,
  configurationIds: readonly string[],
): Promise<void> {
  const subjects = configurationIds.map(configurationSubject)
  await tx.$executeRaw`SELECT lock_spending(${workspaceId}::uuid, ${subjects}::text[])`
}
