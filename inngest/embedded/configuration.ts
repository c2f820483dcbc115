import { parseDuration } from './duration.ts'
import { type Expression, type Match, parseExpression, parseMatch } from './expression.ts'

/** What starts a function. */
export type Trigger =
  | { type: 'event'; event: string; condition: Expression | undefined }
  | { type: 'cron'; cron: string; timezone: string }

export interface Cancellation {
  event: string
  condition: Expression | undefined
  /** Set when the condition is one equality: then runs are found without reading their events. */
  match: Match | undefined
}

/** So many runs begin in a time. */
export interface Rate {
  limit: number
  periodMs: number
  /** So many may begin at once. */
  burst: number
  key: Expression | undefined
}

/** A function, as it is served, ready to be used. */
export interface FunctionConfiguration {
  id: string
  triggers: Trigger[]
  maxAttempts: number
  concurrency: { limit: number; key: Expression | undefined } | undefined
  priority: Expression | undefined
  idempotency: Expression | undefined
  cancellations: Cancellation[]
  /** What is over the rate waits. */
  throttle: Rate | undefined
  /** What is over the rate is dropped. */
  rateLimit: Rate | undefined
}

const DEFAULT_RETRIES = 3
type Raw = Record<string, unknown>

/**
 * Reads what the SDK tells of its functions. Everything that the runner does not do is refused here, so
 * that no option is ignored.
 * @throws Error that names the function and the option, one line each
 */
export function readFunctions(raw: readonly unknown[]): FunctionConfiguration[] {
  const refusals: string[] = []
  const functions = raw.map((each) => readFunction(each as Raw, refusals))
  if (refusals.length > 0)
    throw new Error(['The embedded runner cannot run these functions as they are:', ...refusals].join('\n  '))
  return functions
}

/** Collects what is wrong with one function. */
interface Reader {
  refuse(option: string, why: string): void
  only(option: string, value: Raw, names: readonly string[]): void
  expression(option: string, text: unknown, variables: readonly ('event' | 'async')[]): Expression | undefined
}

function readFunction(raw: Raw, refusals: string[]): FunctionConfiguration {
  const id = String(raw.id)
  const reader: Reader = {
    refuse: (option, why) => void refusals.push(`${id}: ${option} ${why}`),
    only(option, value, names) {
      for (const [name, given] of Object.entries(value))
        if (!names.includes(name) && given !== undefined && given !== null)
          reader.refuse(option === '' ? name : `${option}.${name}`, 'is not supported')
    },
    expression(option, text, variables) {
      if (text === undefined || text === null) return undefined
      const source = typeof text === 'string' ? text : JSON.stringify(text)
      try {
        return parseExpression(source, variables)
      } catch (error) {
        reader.refuse(option, `"${source}" cannot be used: ${(error as Error).message}`)
        return undefined
      }
    },
  }
  reader.only('', raw, KNOWN)
  return {
    id,
    triggers: list(raw.triggers).map((trigger) => readTrigger(trigger, reader)),
    maxAttempts: readRetries(raw) + 1,
    concurrency: readConcurrency(raw.concurrency, reader),
    priority: reader.expression('priority.run', (raw.priority as Raw | undefined)?.run, ['event']),
    idempotency: reader.expression('idempotency', raw.idempotency, ['event']),
    cancellations: list(raw.cancel).map((cancel) => readCancellation(cancel, reader)),
    throttle: readRate('throttle', raw.throttle, reader),
    rateLimit: readRate('rateLimit', raw.rateLimit, reader),
  }
}

const KNOWN = [
  'id',
  'name',
  'triggers',
  'steps',
  'concurrency',
  'priority',
  'idempotency',
  'cancel',
  'throttle',
  'rateLimit',
]

function readTrigger(trigger: Raw, reader: Reader): Trigger {
  if (typeof trigger.cron !== 'string') {
    reader.only('triggers', trigger, ['event', 'expression'])
    const condition = reader.expression('triggers.if', trigger.expression, ['event'])
    return { type: 'event', event: String(trigger.event), condition }
  }
  reader.only('triggers', trigger, ['cron'])
  const [, timezone = 'UTC', cron = trigger.cron] = /^TZ=(\S+)\s+(.*)$/.exec(trigger.cron) ?? []
  return { type: 'cron', cron, timezone }
}

function readRetries(raw: Raw): number {
  const { step } = raw.steps as { step?: { retries?: { attempts?: number } } }
  return step?.retries?.attempts ?? DEFAULT_RETRIES
}

function readConcurrency(raw: unknown, reader: Reader): FunctionConfiguration['concurrency'] {
  if (raw === undefined || raw === null) return undefined
  if (typeof raw === 'number') return raw > 0 ? { limit: raw, key: undefined } : undefined
  const [first, ...others] = list(raw)
  if (first === undefined) return undefined
  if (others.length > 0) reader.refuse('concurrency', 'may have one limit alone')
  reader.only('concurrency', { ...first, scope: first.scope === 'fn' ? undefined : first.scope }, [
    'limit',
    'key',
  ])
  const limit = Number(first.limit)
  return limit > 0 ? { limit, key: reader.expression('concurrency.key', first.key, ['event']) } : undefined
}

function readCancellation(cancel: Raw, reader: Reader): Cancellation {
  reader.only('cancelOn', cancel, ['event', 'if'])
  return {
    event: String(cancel.event),
    condition: reader.expression('cancelOn.if', cancel.if, ['event', 'async']),
    match: typeof cancel.if === 'string' ? parseMatch(cancel.if) : undefined,
  }
}

function readRate(option: string, raw: unknown, reader: Reader): Rate | undefined {
  if (raw === undefined || raw === null) return undefined
  const rate = raw as Raw
  reader.only(option, rate, ['limit', 'period', 'burst', 'key'])
  const period = typeof rate.period === 'string' ? rate.period : JSON.stringify(rate.period)
  const periodMs = parseDuration(period)
  if (periodMs === undefined || periodMs === 0) reader.refuse(`${option}.period`, `"${period}" is no time`)
  return {
    limit: Number(rate.limit),
    periodMs: periodMs ?? 0,
    burst: rate.burst === undefined ? 1 : Number(rate.burst),
    key: reader.expression(`${option}.key`, rate.key, ['event']),
  }
}

function list(raw: unknown): Raw[] {
  if (raw === undefined || raw === null) return []
  return (Array.isArray(raw) ? raw : [raw]) as Raw[]
}
