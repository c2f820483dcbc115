import { readdirSync, readFileSync } from 'node:fs'

/** Numbers of the processes that a process has started and that still run. */
export function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && statusOf(pid)?.parent === parent)
}

/** Whether a process runs; one that has ended and was not reaped does not. */
export function isRunning(pid: number): boolean {
  const status = statusOf(pid)
  return status !== undefined && status.state !== 'Z'
}

function statusOf(pid: number): { state: string; parent: number } | undefined {
  try {
    const [state, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return state === undefined ? undefined : { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}
