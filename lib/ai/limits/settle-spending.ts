import type { Tx } from '../../db/client.ts'
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
