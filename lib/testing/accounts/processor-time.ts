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
