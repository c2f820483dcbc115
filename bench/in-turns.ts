import { closedLoop } from './load/drive.ts'
import type { Product } from './product.ts'
import { CONNECTIONS } from './scenarios.ts'
import { figure, processorSeconds } from './stats.ts'

/** How many rounds each takes. */
export const ROUNDS = 14
const SECONDS = 0.75

/** A product and what it is asked. */
export interface Loaded {
  product: Product
  requests: Buffer[]
}

interface Round {
  perSecond: number
  cpu: number
}

/**
 * Loads two products in short turns, so that whatever else the machine does meets both.
 * @returns requests a second of one and the other, their ratio, and how many microseconds of processor time more a
 *   request costs the other
 */
export async function compareInTurns(one: Loaded, other: Loaded): Promise<[string, string, string, string]> {
  const rounds: { one: Round; other: Round }[] = []
  for (let round = 0; round <= ROUNDS; round++) {
    const pair = { one: await oneRound(one), other: await oneRound(other) }
    // The first one warms both.
    if (round > 0) rounds.push(pair)
  }
  const median = (pick: (pair: (typeof rounds)[number]) => number) =>
    rounds.map(pick).toSorted((a, b) => a - b)[rounds.length >> 1] ?? Number.NaN
  return [
    figure(median((pair) => pair.one.perSecond)),
    figure(median((pair) => pair.other.perSecond)),
    figure(median((pair) => pair.other.perSecond / pair.one.perSecond)),
    figure(median((pair) => pair.other.cpu - pair.one.cpu)),
  ]
}

async function oneRound({ product: { url, pid }, requests }: Loaded): Promise<Round> {
  const before = processorSeconds(pid)
  const load = { url, requests, connections: CONNECTIONS, seconds: SECONDS, warmUpSeconds: 0 }
  const { perSecond, sent, failures } = await closedLoop(load)
  if (failures > 0) throw new Error(`${failures} requests to ${url.href} failed`)
  return { perSecond, cpu: ((processorSeconds(pid) - before) / sent) * 1e6 }
}
