import { processorMs } from '../../liquid/budget.ts'

/* How long something takes by the time of the processor: a busy machine fails no test that asks so. */

/**
 * Milliseconds of processor time that this thread spends on a call: how long it holds the event loop on
 * an idle machine, whatever else runs on this one. The least of up to five calls, for a single one may pay for
 * memory that others left behind; the first one below the limit is enough.
 */
export function threadMs(run: () => unknown, limit: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let calls = 0; calls < 5 && least >= limit; calls++) {
    const before = process.threadCpuUsage()
    run()
    least = Math.min(least, sinceMs(before))
  }
  return least
}

/** Milliseconds of processor time of this thread since a `process.threadCpuUsage()`. */
function sinceMs(before: NodeJS.CpuUsage): number {
  return processorMs(process.threadCpuUsage(before))
}

/** Milliseconds of processor time that this thread spends while something goes on, by whomever. */
export async function threadMsDuring(work: () => Promise<unknown>): Promise<number> {
  const before = process.threadCpuUsage()
  await work()
  return sinceMs(before)
}

/**
 * The longest that this thread worked in one go while something went on, in milliseconds of processor time:
 * how long it held the event loop on an idle machine.
 */
export async function longestTurnMs(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let before = process.threadCpuUsage()
  const look = () => {
    longest = Math.max(longest, sinceMs(before))
    before = process.threadCpuUsage()
  }
  const timer = setInterval(look, 1)
  await work().finally(() => clearInterval(timer))
  look()
  return longest
}

/**
 * Microseconds of processor time of this process, with all its threads, while something goes on: a machine that does
 * other things as well adds nothing to it.
 */
export async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return user + system
}
