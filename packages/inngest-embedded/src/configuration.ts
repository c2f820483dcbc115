import { type Expression, type Match, parseExpression, parseMatch } from './expression.ts'

/** What starts a function. */
export type Trigger =
  | { type: 'event'; event: string; condition: Expression | undefined }
  | { type: 'cron'; cron: string; timezone: string }

/** An event that ends the runs which match it. */
export interface Cancellation {
  event: string
  match: Match
}

/** A function, as it is served, ready to be used. */
export interface FunctionConfiguration {
  id: string
  triggers: Trigger[]
  maxAttempts: number
  concurrency: { limit: number; key: Expression | undefined } | undefined
  priority: Expression | undefined
  cancellations: Cancellation[]
}

const DEFAULT_RETRIES = 3
const KNOWN = ['id', 'name', 'triggers', 'steps', 'concurrency', 'priority', 'cancel']
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
class Reader {
  readonly #id: string
  readonly #refusals: string[]

  constructor(id: string, refusals: string[]) {
    this.#id = id
    this.#refusals = refusals
  }

  refuse(option: string, why: string): void {
    this.#refusals.push(`${this.#id}: ${option} ${why}`)
  }

  only(option: string, value: Raw, names: readonly string[]): void {
    for (const [name, given] of Object.entries(value))
      if (!names.includes(name) && given !== undefined && given !== null)
        this.refuse(option === '' ? name : `${option}.${name}`, 'is not supported by the embedded runner')
  }

  expression(option: string, text: unknown): Expression | undefined {
    if (text === undefined || text === null) return undefined
    const source = typeof text === 'string' ? text : JSON.stringify(text)
    try {
      return parseExpression(source)
    } catch (error) {
      this.refuse(option, `"${source}" cannot be used: ${(error as Error).message}`)
      return undefined
    }
  }
}

function readFunction(raw: Raw, refusals: string[]): FunctionConfiguration {
  const id = String(raw.id)
  const reader = new Reader(id, refusals)
  reader.only('', raw, KNOWN)
  return {
    id,
    triggers: list(raw.triggers).map((trigger) => readTrigger(trigger, reader)),
    maxAttempts: readRetries(raw) + 1,
    concurrency: readConcurrency(raw.concurrency, reader),
    priority: reader.expression('priority.run', (raw.priority as Raw | undefined)?.run),
    cancellations: list(raw.cancel).flatMap((cancel) => readCancellation(cancel, reader)),
  }
}

function readTrigger(trigger: Raw, reader: Reader): Trigger {
  if (typeof trigger.cron !== 'string') {
    reader.only('triggers', trigger, ['event', 'expression'])
    const condition = reader.expression('triggers.if', trigger.expression)
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
  const scope = first.scope === 'fn' ? undefined : first.scope
  reader.only('concurrency', { ...first, scope }, ['limit', 'key'])
  const limit = Number(first.limit)
  return limit > 0 ? { limit, key: reader.expression('concurrency.key', first.key) } : undefined
}

function readCancellation(cancel: Raw, reader: Reader): Cancellation[] {
  reader.only('cancelOn', cancel, ['event', 'if'])
  const match = typeof cancel.if === 'string' ? parseMatch(cancel.if) : undefined
  if (match !== undefined) return [{ event: String(cancel.event), match }]
  reader.refuse('cancelOn', 'needs one equality, as `match`, or `if` such as event.data.id == async.data.id')
  return []
}

function list(raw: unknown): Raw[] {
  if (raw === undefined || raw === null) return []
  return (Array.isArray(raw) ? raw : [raw]) as Raw[]
}
