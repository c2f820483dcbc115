import type { Tx } from '../../db/client.ts'
import type { WantedWindow } from './spending.ts'

export interface TakenWindows {
  /** The time that decided which windows these are. */
  at: Date
  isTaken: boolean
}

/**
 * Takes from all windows, or from none when one has no room. Their rows are locked in the order of their keys,
 * and stay locked until the transaction ends.
 * @param at the time that counts; without it the database's clock
 */
export async function takeWindows(
  tx: Tx,
  workspaceId: string,
  wanted: readonly WantedWindow[],
  at: Date | undefined,
): Promise<TakenWindows> {
  const [taken] = await tx.$queryRaw<[{ at: Date; is_taken: boolean }]>`
    SELECT at, is_taken
    FROM take_spending(${workspaceId}::uuid, ${JSON.stringify(wanted)}::json, ${at ?? null}::timestamptz)`
  return { at: taken.at, isTaken: taken.is_taken }
}

/** What is added to one window; negative numbers give back. */
export interface Addition {
  subject: string
  period: string
  requests: number
  tokens: number
  cost: string
}

/** Adds to windows that hold a time, whatever their limits; none falls below zero, none is made. */
export async function addToWindows(
  tx: Tx,
  workspaceId: string,
  at: Date,
  additions: readonly Addition[],
): Promise<void> {
  await tx.$executeRaw`
    SELECT add_spending(${workspaceId}::uuid, ${JSON.stringify(additions)}::json, ${at}::timestamptz)`
}
