import { hostname } from 'node:os'
import type { Runtime } from '../../runtime.ts'
import { VERSION } from '../../version.ts'
import { type LoggedError, type LogLine, readLine } from '../log-line.ts'
import type { SentCounts } from '../sent.ts'
import type { Follower } from '../telemetry.ts'
import { readDsn } from './dsn.ts'
import { eventOf, type Sender } from './event.ts'
import { ReportQueue } from './queue.ts'

/** What an error tracker hears of. */
export interface ErrorReports {
  follow: Follower
  flush: () => Promise<void>
}

const LEVELS = ['error', 'fatal']
const MINUTE_MS = 60_000
/** The status of a database that is away, or full. */
const PASSES = 503

/** Errors of the catalogue, and what passes by itself. */
function isAnswer({ fields }: LogLine, { type, code }: LoggedError): boolean {
  return (type === 'AppError' && code !== 'internal') || fields.status === PASSES
}

/**
 * Reports what the log says went wrong: whatever is unknown here ends in a line of the level error with the error in
 * it, be it of a request, of a function or of the process. Errors of the catalogue are answers, and are not reported.
 */
export function createErrorReports(
  { config, log }: Pick<Runtime, 'config' | 'log'>,
  dsn: string,
  counts: SentCounts,
): ErrorReports {
  const { environment, release, error_sample_rate, errors_per_minute, error_queue } = config.telemetry
  const sender: Sender = {
    release: release ?? `incipit@${VERSION}`,
    environment,
    serverName: hostname(),
    root: config.root,
  }
  const queue = new ReportQueue({ destination: readDsn(dsn), room: error_queue, counts, log })
  const minute = { startsAt: 0, count: 0 }
  const hasRoom = () => {
    const now = performance.now()
    if (now - minute.startsAt >= MINUTE_MS || minute.startsAt === 0)
      Object.assign(minute, { startsAt: now, count: 0 })
    minute.count += 1
    return minute.count <= errors_per_minute
  }
  return {
    follow(text) {
      // Most lines are of other levels: they are not even parsed.
      if (!LEVELS.some((level) => text.includes(`"level":"${level}"`))) return
      const line = readLine(text)
      if (line?.error === undefined || !LEVELS.includes(line.level)) return
      if (isAnswer(line, line.error)) return
      if (Math.random() >= error_sample_rate) return
      if (hasRoom()) queue.add(eventOf(line, line.error, sender))
      else counts.add('errors', 'dropped')
    },
    flush: () => queue.empty(),
  }
}
