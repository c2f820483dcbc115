import type { Tx } from '../../db/client.ts'
import { getRuntime } from '../../runtime.ts'
import { configurationSubject, exactCost, type Reservation } from './spending.ts'
import { type Addition, addToWindows } from './take-windows.ts'

export interface SettleSpendingInput {
  reservation: Reservation
  /** Real figures. */
  tokens: number
  /** US dollars. */
  cost: number
}

/**
 * Puts the real figures in the place of a reservation, in the windows that it was made in, also when these
 * are over. The caller sees to it that this happens once: the update that sets the attempt's `settled_at`
 * where it was null, in the same transaction.
 */
export async function settleSpending(tx: Tx, input: SettleSpendingInput): Promise<void> {
  const { workspaceId, reservedAt } = input.reservation
  await addToWindows(tx, workspaceId, reservedAt, settledAmounts(input))
}

/** Gives a reservation back whose call was never made, its request as well. Once, like settling. */
export async function releaseSpending(tx: Tx, reservation: Reservation): Promise<void> {
  await addToWindows(tx, reservation.workspaceId, reservation.reservedAt, releasedAmounts(reservation))
}

/** What `add_spending` of the database is to add when a call is over. */
export function settledAmounts({ reservation, tokens, cost }: SettleSpendingInput): Addition[] {
  return amounts(reservation, 0, Math.ceil(tokens) - reservation.tokens, cost)
}

/** The same for a call that was never made. */
export function releasedAmounts(reservation: Reservation): Addition[] {
  return amounts(reservation, -reservation.requests, -reservation.tokens, 0)
}

function amounts(reservation: Reservation, requests: number, tokens: number, spent: number): Addition[] {
  const subject = configurationSubject(reservation.configurationId)
  const cost = exactDifference(spent, reservation.cost)
  return [
    { subject, period: 'minute', requests, tokens, cost },
    { subject, period: 'month', requests, tokens, cost },
  ]
}

/** In whole ten-billionths: the difference of two floating-point numbers has digits that nobody spent. */
function exactDifference(a: number, b: number): string {
  const units = BigInt(exactCost(a).replace('.', '')) - BigInt(exactCost(b).replace('.', ''))
  return `${units}e-10`
}

/** A call that was reserved a day ago has long been settled. */
const MINUTES_KEPT = '1 day'
const AT_ONCE = 10_000

/**
 * Deletes windows that are no longer read: minutes after a day, months with the generations
 * that were made in them. The current month always stays. Each round of the upkeep deletes some of them.
 * @returns how many
 */
export async function deleteOldSpending(): Promise<number> {
  const { database, config } = getRuntime()
  const days = config.limits.generation_retention_days
  // It skips windows that are locked by a settlement, and so waits for none.
  return database.primary.prisma.$executeRaw`
    DELETE FROM ai_spending s USING (
      SELECT workspace_id, subject, period, starts_at FROM ai_spending
      WHERE (period = 'minute' AND starts_at < now() - ${MINUTES_KEPT}::interval)
        OR (period = 'month' AND starts_at < date_trunc('month', now(), 'UTC')
          AND starts_at < now() - make_interval(days => ${days}::integer))
      LIMIT ${AT_ONCE} FOR UPDATE SKIP LOCKED
    ) old
    WHERE s.workspace_id = old.workspace_id AND s.subject = old.subject AND s.period = old.period
      AND s.starts_at = old.starts_at`
}
