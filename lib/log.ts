import { hostname } from 'node:os'
import pino, { type Logger } from 'pino'
import pretty from 'pino-pretty'
import { VERSION } from './version.ts'

export type Log = Logger

export interface LogOptions {
  level: string
  format: 'auto' | 'json' | 'pretty'
}

/**
 * Things that look like a secret wherever they stand, for pino redacts by path only: keys of AI providers,
 * what follows "Bearer", passwords of databases. The part before what is taken out is a group.
 */
const SECRET =
  /\b(?:(sk-|gsk_|xai-|hf_|AIza)[\w-]{8,}|([Bb]earer\s+)[\w.~+/-]{16,}=*|(postgres(?:ql)?:\/\/[^\s:@/]+:)[^\s@"']*)/g

/** Replaces what looks like a secret in a text. */
export function scrub(text: string): string {
  return text.replace(SECRET, (_, key?: string, bearer?: string, address?: string) => {
    return `${key ?? bearer ?? address ?? ''}***`
  })
}

/** What is logged of an error: drivers hang whole clients on theirs, passwords included. */
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
export function createLog({ level, format }: LogOptions, destination?: pino.DestinationStream): Log {
  const readable = format === 'pretty' || (format === 'auto' && process.stdout.isTTY)
  const options: pino.LoggerOptions = {
    level,
    // Which of several instances wrote a line, and what it ran.
    base: { pid: process.pid, host: hostname(), version: VERSION },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: ['authorization', '*.authorization', 'headers.cookie', '*.password', '*.api_key'],
      censor: '***',
    },
    serializers: { err: describeError },
    hooks: { streamWrite: scrub },
  }
  if (destination !== undefined) return pino(options, destination)
  if (!readable) return pino(options, pino.destination({ dest: 1, sync: true }))
  return pino(
    options,
    pretty({ sync: true, translateTime: 'SYS:HH:MM:ss', messageKey: 'msg', ignore: 'pid,host,version' }),
  )
}
