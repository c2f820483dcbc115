import { type AppError, appError, type ErrorDetail } from './errors.ts'
import { cutText } from './text.ts'

/** What a JSON text may not exceed. */
export interface JsonLimits {
  /** Deepest nesting of arrays and objects. */
  depth: number
  /** Most keys of one object; left out: any number. */
  keys?: number
  /** Most values in all: objects, lists and what is in them; left out: any number. */
  values?: number
}

/** Keys that reach a prototype when a careless copy assigns them. */
const FORBIDDEN_KEYS: ReadonlySet<string> = new Set(['__proto__', 'constructor'])

/** Beyond so many keys of one object a set finds a repeated one faster than a walk. */
const FEW_KEYS = 8

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/**
 * Reads a JSON text (RFC 8259) from a caller who is not trusted: bounded depth, each key of an object
 * once, no NUL, no lone surrogate, no key that reaches a prototype, no number beyond a double.
 * The scan costs about as much as JSON.parse, which makes the value afterwards.
 * @throws invalid_input, or too_large for too many keys or values; each names the place: path, line, column
 */
export function parseJson(text: string, limits: JsonLimits): unknown {
  new Scan(text, limits).run()
  try {
    return JSON.parse(text)
  } catch (error) {
    // The scan leaves the inside of strings to JSON.parse, which tells the position of such a fault.
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1]
    throw syntaxFault(text, [], Number(position ?? text.length))
  }
}

/** An array or object that is open: its keys so far, and the place in it. */
interface Frame {
  keys: string[] | undefined
  known: Set<string> | undefined
  /** The key or index that is being read; undefined before the first key. */
  at: string | number | undefined
}

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing'

const OPEN_ENDED: ReadonlySet<Expected> = new Set(['comma or end', 'key or end', 'value or end'])

class Scan {
  readonly #text: string
  readonly #depth: number
  readonly #keys: number
  readonly #values: number
  #counted = 0
  readonly #frames: Frame[] = []
  #frame: Frame | undefined
  #expected: Expected = 'value'
  #at = 0
  /** The next backslash at or after the last string: before it a string ends at the next quote. */
  #backslash = -1

  constructor(
    text: string,
    { depth, keys = Number.POSITIVE_INFINITY, values = Number.POSITIVE_INFINITY }: JsonLimits,
  ) {
    this.#text = text
    this.#depth = depth
    this.#keys = keys
    this.#values = values
    this.#backslash = this.#next('\\', 0)
  }

  run(): void {
    const text = this.#text
    if (!text.isWellFormed()) this.#fault('lone_surrogate', 'holds half of a surrogate pair', 0, 0)
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at)
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) this.#at++
      else if (code === 0x22) this.#string()
      else if (code === 0x7b || code === 0x5b) this.#open(code === 0x7b)
      else if (code === 0x7d || code === 0x5d) this.#close(code === 0x7d)
      else if (code === 0x3a) this.#separator('colon', 'value')
      else if (code === 0x2c) this.#comma()
      else this.#scalar(code)
    }
    if (this.#expected !== 'nothing') this.#refuse()
  }

  #next(what: string, from: number): number {
    const found = this.#text.indexOf(what, from)
    return found === -1 ? this.#text.length : found
  }

  #refuse(): never {
    throw syntaxFault(this.#text, this.#path(), this.#at)
  }

  #path(): (string | number)[] {
    return this.#frames.flatMap(({ at }) => (at === undefined ? [] : [at]))
  }

  #fault(code: string, message: string, start: number, end: number): never {
    throw jsonFault(this.#text, this.#path(), { code, message, start, end })
  }

  #valueStarts(): void {
    if (this.#expected !== 'value' && this.#expected !== 'value or end') this.#refuse()
  }

  #valueEnds(): void {
    if (++this.#counted > this.#values) this.#tooManyValues()
    this.#expected = this.#frame === undefined ? 'nothing' : 'comma or end'
  }

  #separator(expected: Expected, next: Expected): void {
    if (this.#expected !== expected) this.#refuse()
    this.#expected = next
    this.#at++
  }

  #comma(): void {
    const frame = this.#frame
    this.#separator('comma or end', frame?.keys === undefined ? 'value' : 'key')
    if (typeof frame?.at === 'number') frame.at++
  }

  #open(object: boolean): void {
    this.#valueStarts()
    if (this.#frames.length >= this.#depth) this.#tooDeep()
    this.#frame = { keys: object ? [] : undefined, known: undefined, at: object ? undefined : 0 }
    this.#frames.push(this.#frame)
    this.#expected = object ? 'key or end' : 'value or end'
    this.#at++
  }

  #close(object: boolean): void {
    const open = this.#frame
    const allowed = OPEN_ENDED.has(this.#expected)
    if (open === undefined || !allowed || (open.keys !== undefined) !== object) this.#refuse()
    this.#frames.pop()
    this.#frame = this.#frames.at(-1)
    this.#at++
    this.#valueEnds()
  }

  #string(): void {
    const start = this.#at
    const end = this.#stringEnd(start + 1)
    const escaped = this.#backslash < end
    if (this.#expected === 'key' || this.#expected === 'key or end') {
      const raw = this.#text.slice(start + 1, end)
      this.#key(escaped ? this.#unescaped(raw, start, end + 1) : raw, start, end + 1)
      this.#expected = 'colon'
    } else {
      this.#valueStarts()
      if (escaped) {
        const raw = this.#text.slice(start + 1, end)
        if (raw.includes('\\u')) this.#unescaped(raw, start, end + 1)
      }
      this.#valueEnds()
    }
    if (escaped) this.#backslash = this.#next('\\', end)
    this.#at = end + 1
  }

  #stringEnd(from: number): number {
    const text = this.#text
    for (let end = text.indexOf('"', from); end !== -1; end = text.indexOf('"', end + 1)) {
      if (end < this.#backslash) return end
      let backslashes = 0
      while (text.charCodeAt(end - 1 - backslashes) === 0x5c) backslashes++
      if (backslashes % 2 === 0) return end
    }
    this.#at = text.length
    return this.#refuse()
  }

  /** What a string means. Only `\u` can bring a character in that well-formed UTF-8 could not. */
  #unescaped(raw: string, start: number, end: number): string {
    let meant: string
    try {
      meant = String(JSON.parse(`"${raw}"`))
    } catch {
      // JSON.parse of the whole text says where.
      return raw
    }
    if (meant.includes('\0'))
      this.#fault('nul_character', 'holds a NUL character, which cannot be stored', start, end)
    if (!meant.isWellFormed())
      this.#fault('lone_surrogate', 'holds half of a surrogate pair, which is no character', start, end)
    return meant
  }

  #key(key: string, start: number, end: number): void {
    const frame = this.#frame
    if (frame?.keys === undefined) return
    const repeated = frame.known?.has(key) ?? frame.keys.includes(key)
    frame.at = key
    if (repeated) this.#fault('duplicate_key', 'appears twice in one object', start, end)
    if (FORBIDDEN_KEYS.has(key)) this.#fault('forbidden_key', 'is not allowed as a key', start, end)
    if ((frame.known?.size ?? 0) >= this.#keys) this.#tooManyKeys(start, end)
    if (frame.known !== undefined) frame.known.add(key)
    else if (frame.keys.push(key) > FEW_KEYS) frame.known = new Set(frame.keys)
  }

  #tooManyKeys(start: number, end: number): never {
    const message = `one object has more than ${this.#keys} keys (limits.json_keys)`
    // The object, and not the key that is one too many.
    const path = this.#path().slice(0, -1)
    const fault = jsonFault(this.#text, path, { code: 'too_many_keys', message, start, end })
    throw appError('too_large', fault.message, {
      details: fault.details,
      extra: { limit: 'limits.json_keys' },
    })
  }

  #tooDeep(): never {
    const message = `nested deeper than ${this.#depth} levels (limits.json_depth)`
    const fault = { code: 'too_deep', message, start: this.#at, end: this.#at + 1 }
    throw jsonFault(this.#text, this.#path(), fault, 'limits.json_depth')
  }

  #tooManyValues(): never {
    const message = `more than ${this.#values} values in all (limits.json_values)`
    const end = Math.min(this.#at, this.#text.length)
    const fault = jsonFault(this.#text, [], { code: 'too_many_values', message, start: end, end })
    throw appError('too_large', fault.message, {
      details: fault.details,
      extra: { limit: 'limits.json_values' },
    })
  }

  #scalar(code: number): void {
    this.#valueStarts()
    const end = this.#at + (this.#wordLength(code) ?? this.#numberLength())
    if (end === this.#at) this.#refuse()
    this.#at = end
    this.#valueEnds()
  }

  #wordLength(code: number): number | undefined {
    const word = code === 0x74 ? 'true' : code === 0x66 ? 'false' : code === 0x6e ? 'null' : undefined
    if (word === undefined) return undefined
    return this.#text.startsWith(word, this.#at) ? word.length : 0
  }

  #numberLength(): number {
    NUMBER.lastIndex = this.#at
    const digits = NUMBER.exec(this.#text)?.[0] ?? ''
    if (digits.length > 3 && !Number.isFinite(Number(digits)))
      this.#fault('number_too_large', 'is larger than a number can be', this.#at, this.#at + digits.length)
    return digits.length
  }
}

/** What is wrong with a JSON text, and the span where. */
interface Fault {
  code: string
  message: string
  start: number
  end: number
}

/** The error for a text that is no JSON. */
export function syntaxFault(text: string, path: (string | number)[], at: number): AppError {
  const found =
    at >= text.length
      ? 'the text ends too early'
      : `unexpected ${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))}`
  return jsonFault(text, path, { code: 'malformed_json', message: found, start: at, end: at + 1 })
}

/**
 * The error for what a JSON text may not hold; it names path, line and column.
 * @param limit the key of the limit that it passes
 */
export function jsonFault(text: string, path: (string | number)[], fault: Fault, limit?: string): AppError {
  const before = text.slice(0, fault.start)
  const line = before.split('\n').length
  const column = fault.start - before.lastIndexOf('\n')
  const detail: ErrorDetail = {
    path,
    code: fault.code,
    message: fault.message,
    range: { start: fault.start, end: Math.min(fault.end, text.length), line, column },
  }
  const where = path.length === 0 ? '' : ` (${cutText(path.join('.'), 200)})`
  return appError(
    'invalid_input',
    `The JSON cannot be used: line ${line}, column ${column}${where}: ${fault.message}.`,
    {
      details: [detail],
      ...(limit !== undefined && { extra: { limit } }),
    },
  )
}
