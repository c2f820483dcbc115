import type { Tx } from '../../db/client.ts'
import { configurationSubject, exactCost, type Reservation } from '../limits/spending.ts'
import { addToWindows } from '../limits/take-windows.ts'

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
  const { reservation, tokens, cost } = input
  await add(tx, reservation, 0, Math.ceil(tokens) - reservation.tokens, cost)
}

/** Gives a reservation back whose call was never made, its request as well. Once, like settling. */
export async function releaseSpending(tx: Tx, reservation: Reservation): Promise<void> {
  await add(tx, reservation, -reservation.requests, -reservation.tokens, 0)
}

async function add(
  tx: Tx,
  { workspaceId, configurationId, reservedAt, cost: reserved }: Reservation,
  requests: number,
  tokens: number,
  cost: number,
): Promise<void> {
  const subject = configurationSubject(configurationId)
  const change = { subject, requests, tokens, cost: exactDifference(cost, reserved) }
  await addToWindows(tx, workspaceId, reservedAt, [
    { ...change, period: 'minute' },
    { ...change, period: 'month' },
  ])
}

/** In whole ten-billionths: the difference of two floating-point numbers has digits that nobody spent. */
function exactDifference(a: number, b: number): string {
  const units = BigInt(exactCost(a).replace('.', '')) - BigInt(exactCost(b).replace('.', ''))
  return `${units}e-10`
}
