import { hostname } from 'node:os'
import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'
import { VERSION } from './version.ts'

export type Log = Logger

export interface LogOptions {
  level: string
  format: 'auto' | 'json' | 'pretty'
}

/** Who reads the log while it is written. */
export interface Follow {
  /** Members of every line, such as the trace that it belongs to. */
  ids?(): Readonly<Record<string, string>>
  /** Gets each line as it is written: JSON, its secrets taken out. */
  line(text: string): void
}

/**
 * One piece of a JSON string, which may stand within other strings that escape it once more each. A quote after as many
 * backslashes as group 2 has ends it; after more, it is a part of it; after fewer, it ends a string around it. A piece
 * can be read in one way alone and nothing follows the last, so that no text takes long.
 */
const PIECE = String.raw`(?:[^"\\]|\2\2\\\\|\2\\+"|\\(?!\\*"))`

/** Members whose value is a text, by their name. @param least pieces that a value has */
function members(name: string, least: number): RegExp {
  // A quote of a string within four others has 15 backslashes before it.
  const start = String.raw`("${name}(\\{0,15})":\s*\[?\s*\2")`
  // Beyond so many pieces V8 has no room, and throws.
  return new RegExp(String.raw`${start}${PIECE}{${least}}(?:[^"\\]+|${PIECE}){0,500000}`, 'gi')
}

/**
 * Things that look like a secret wherever they stand, for pino redacts by path only. The group before it stays, so that
 * a reader sees what it was.
 */
const SECRETS: readonly RegExp[] = [
  // Keys of AI providers, and our own keys, codes and tokens.
  /\b(sk-|gsk_|xai-|hf_|AIza|inc(?:ac|at|rt|cs)?_)[\w-]{8,}/g,
  /\b([Bb]earer\s+)[\w.~+/-]{16,}=*/g,
  // Words after "basic" hold no digit.
  /\b([Bb]asic\s+)(?=[\w+/]*[\d+/])[\w+/-]{8,}={0,2}/g,
  /(postgres(?:ql)?:\/\/[^\s:@/]+:)[^\s@"']*/g,
  // Cookies: as a header, and ours by their names.
  members('(?:set-)?cookie', 1),
  /((?:__Host-)?incipit(?:-\d+)?(?:\.\w+)?=)[^;,\s"'\\]{8,}/g,
  // Links that open set-up, an invitation or a reset to whoever has them.
  /(\/(?:set-up|invitation|reset)(?:\?[^\s#"'\\]{0,500})?#)[\w.~%+=/-]+/g,
  // Members and parameters by their names.
  members(String.raw`\w*(?:password|secret|verifier)`, 1),
  members(String.raw`\w*token`, 8),
  /([?&](?:code|state|\w*token|\w*secret|\w*verifier|\w*assertion|\w*password)=)[^&\s"'\\]+/gi,
  // Tokens that say themselves what they are.
  /\b(eyJ)[\w-]{8,2000}\.[\w-]+(?:\.[\w-]*)?/g,
]

/** Replaces what looks like a secret in a text. */
export function scrub(text: string): string {
  return SECRETS.reduce((left, pattern) => left.replace(pattern, '$1***'), text)
}

/** The logged part of an error: drivers attach whole clients to theirs, passwords included. */
export function describeError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return error
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause = error.cause === undefined || depth > 3 ? {} : { cause: describeError(error.cause, depth + 1) }
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}

/**
 * JSON lines, or readable lines in a terminal. Written at once, so that a killed process loses none.
 * @param destination instead of standard output, for JSON lines
 */
export function createLog(
  { level, format }: LogOptions,
  destination?: pino.DestinationStream,
  follow?: Follow,
): Log {
  const readable = format === 'pretty' || (format === 'auto' && process.stdout.isTTY)
  const options: pino.LoggerOptions = {
    level,
    // Which of several instances wrote a line, and what it ran.
    base: { pid: process.pid, host: hostname(), version: VERSION },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: [
        'authorization',
        '*.authorization',
        'headers.cookie',
        '*.password',
        '*.api_key',
        '*.token',
        '*.secret',
      ],
      censor: '***',
    },
    serializers: { err: describeError },
    hooks: {
      streamWrite(line) {
        const clean = scrub(line)
        follow?.line(clean)
        return clean
      },
    },
    ...(follow?.ids !== undefined && { mixin: () => ({ ...follow.ids?.() }) }),
  }
  return pino(
    options,
    destination ?? (readable ? readableLines() : pino.destination({ dest: 1, sync: true })),
  )
}

function readableLines(): pino.DestinationStream {
  const ignore = 'pid,host,version,trace_id,span_id'
  return pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', messageKey: 'msg', ignore })
}
