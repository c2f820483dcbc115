import { deleteOldSpending } from './ai/limits/delete-old-spending.ts'
import { endAbandoned } from './generations/sweeps/end-abandoned.ts'
import { endNotStarted } from './generations/sweeps/end-not-started.ts'
import { expireGenerations } from './generations/sweeps/expire-generations.ts'
import type { UpkeepStep } from './upkeep/upkeep.ts'
import { expireKeys, expireUsage } from './usage/upkeep/expire-usage.ts'
import { makePartitions } from './usage/upkeep/make-partitions.ts'
import { sumUpUsage } from './usage/upkeep/sum-up-usage.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Everything that is done now and then, in the process, whoever runs the functions. */
export const UPKEEP: readonly UpkeepStep[] = [
  // First what somebody waits for: calls whose process is gone, runs that were lost, work that nobody takes.
  { name: 'end_abandoned', everyMs: MINUTE_MS, run: endAbandoned },
  { name: 'end_not_started', everyMs: MINUTE_MS, run: endNotStarted },
  { name: 'make_partitions', everyMs: HOUR_MS, run: makePartitions },
  { name: 'sum_up_usage', everyMs: HOUR_MS, run: sumUpUsage },
  { name: 'expire_usage', everyMs: HOUR_MS, run: expireUsage },
  { name: 'expire_keys', everyMs: HOUR_MS, run: expireKeys },
  { name: 'expire_generations', everyMs: HOUR_MS, run: expireGenerations },
  { name: 'delete_old_spending', everyMs: HOUR_MS, run: deleteOldSpending },
]
