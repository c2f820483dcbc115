import { randomUUID } from 'node:crypto'
import { plainMessage, plainStack } from '../failure.ts'
import type { LoggedError, LogLine } from '../log-line.ts'

/** The part of an event that is the same for all of this process. */
export interface Sender {
  release: string
  environment: string
  serverName: string
  /** Folder of the project: paths in stacks are told from there on. */
  root: string
}

/** Fields of a line that are words of our own, or ids: nothing else of it is told. */
const TAGS = [
  'request_id',
  'method',
  'status',
  'generation_id',
  'attempt',
  'function',
  'step',
  'part',
  'provider',
  'origin',
] as const

const LEVELS: Readonly<Record<string, string>> = { fatal: 'fatal' }

/**
 * The report of an error in the line of a log: what kind it is, where in the code and on which route it happened, and
 * ids to find it by. No values, no texts of people, nothing about them.
 */
export function eventOf(line: LogLine, error: LoggedError, sender: Sender): Record<string, unknown> {
  const { fields, trace, level, message } = line
  const tags = Object.fromEntries(
    TAGS.flatMap((name) => {
      const value = fields[name]
      return typeof value === 'string' || typeof value === 'number'
        ? [[name, String(value).slice(0, 200)]]
        : []
    }),
  )
  const { route, method } = fields
  return {
    event_id: randomUUID().replaceAll('-', ''),
    timestamp: line.time / 1000,
    platform: 'node',
    level: LEVELS[level] ?? 'error',
    release: sender.release,
    environment: sender.environment,
    server_name: sender.serverName,
    ...(typeof route === 'string' && {
      transaction: route.startsWith('/') && typeof method === 'string' ? `${method} ${route}` : route,
    }),
    // Told by us, in words of the code.
    logentry: { formatted: message.slice(0, 200) },
    tags,
    exception: { values: chainOf(error, sender.root) },
    contexts: {
      runtime: { name: 'node', version: process.version },
      ...(trace !== undefined && { trace: { trace_id: trace.traceId, span_id: trace.spanId } }),
    },
  }
}

/** The cause first, as the protocol wants it. */
function chainOf(error: LoggedError, root: string): unknown[] {
  const exception = {
    type: error.code === undefined ? error.type : `${error.type} ${error.code}`,
    value: plainMessage(error.message),
    stacktrace: { frames: framesOf(error.stack, root) },
    mechanism: { type: 'generic', handled: true },
  }
  return [...(error.cause === undefined ? [] : chainOf(error.cause, root)), exception]
}

const FRAME = /^at (?:async )?(?:(.+?) \()?(?:file:\/\/)?(.+?)(?::(\d+))?(?::(\d+))?\)?$/

/** The calls of a stack, the innermost last. */
function framesOf(stack: string | undefined, root: string): unknown[] {
  return plainStack(stack)
    .map((line) => {
      const [, name, file = '', lineno, colno] = FRAME.exec(line) ?? []
      const isOurs = file.startsWith(root) && !file.includes('node_modules')
      return {
        function: name ?? '?',
        filename: file.startsWith(root) ? `app://${file.slice(root.length)}` : file,
        ...(lineno !== undefined && { lineno: Number(lineno) }),
        ...(colno !== undefined && { colno: Number(colno) }),
        in_app: isOurs,
      }
    })
    .toReversed()
}
