import { logRequest } from '../log.ts'
import { getRuntime } from '../runtime.ts'

/** Logs an answered request; costs nothing where the log would leave the line out. */
export function logAnswer(
  answer: { id: string; method: string; route: string; status: number; started: number },
  failure?: unknown,
): void {
  const { log } = getRuntime()
  if (answer.status < 500 && !log.isLevelEnabled('debug')) return
  const { id, method, route, status, started } = answer
  const duration = Math.round((performance.now() - started) * 1000) / 1000
  logRequest(log, { request_id: id, method, route, status, duration_ms: duration }, failure)
}
