/** Where a text stops being JSON, and the token that was expected there. */
export interface JsonProblem {
  /** Offset in UTF-16 units. */
  offset: number
  line: number
  column: number
  expected: string
}

const SPACE = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /true|false|null/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y
/** Deeper than any value that may be rendered; the schema of values refuses deeper ones. */
const MAX_DEPTH = 200

/**
 * Finds the first place at which a text is not JSON. Browsers word the errors of `JSON.parse` differently,
 * and some tell no place.
 * @returns undefined when the text is JSON
 */
export function jsonProblem(text: string): JsonProblem | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch {
    return placeOf(text, new Scanner(text).firstProblem())
  }
}

function placeOf(text: string, { offset, expected }: { offset: number; expected: string }): JsonProblem {
  const before = text.slice(0, offset)
  return {
    offset,
    line: before.split('\n').length,
    column: offset - before.lastIndexOf('\n'),
    expected,
  }
}

/** Thrown to leave the scan; never leaves this file. */
class Stop extends Error {
  readonly offset: number
  readonly expected: string

  constructor(offset: number, expected: string) {
    super(expected)
    this.offset = offset
    this.expected = expected
  }
}

class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  firstProblem(): { offset: number; expected: string } {
    try {
      this.#value(0)
      this.#skip(SPACE)
      return { offset: this.#at, expected: 'nothing more' }
    } catch (error) {
      if (error instanceof Stop) return error
      throw error
    }
  }

  #skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at
    if (!pattern.test(this.#text)) return false
    this.#at = pattern.lastIndex
    return true
  }

  #take(character: string): boolean {
    this.#skip(SPACE)
    if (this.#text[this.#at] !== character) return false
    this.#at += 1
    return true
  }

  #stop(expected: string): never {
    throw new Stop(this.#at, expected)
  }

  #value(depth: number): void {
    if (depth > MAX_DEPTH) this.#stop('less nesting')
    if (this.#take('{')) return this.#members(depth)
    if (this.#take('[')) return this.#items(depth)
    if (this.#text[this.#at] === '"') return this.#string()
    if (!this.#skip(WORD) && !this.#skip(NUMBER)) this.#stop('a value')
  }

  #members(depth: number): void {
    if (this.#take('}')) return
    do {
      this.#skip(SPACE)
      if (this.#text[this.#at] !== '"') this.#stop('a name in double quotes')
      this.#string()
      if (!this.#take(':')) this.#stop('":"')
      this.#value(depth + 1)
    } while (this.#take(','))
    if (!this.#take('}')) this.#stop('"," or "}"')
  }

  #items(depth: number): void {
    if (this.#take(']')) return
    do this.#value(depth + 1)
    while (this.#take(','))
    if (!this.#take(']')) this.#stop('"," or "]"')
  }

  /** Skips the literal characters of a string: no quote, no backslash, no control character. */
  #plain(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at)
      // Past the end the code is NaN, and every comparison with it is false.
      if (!(code >= 0x20) || code === 0x22 || code === 0x5c) return
      this.#at += 1
    }
  }

  #string(): void {
    this.#at += 1
    do this.#plain()
    while (this.#skip(ESCAPE))
    if (this.#text[this.#at] === '\\') this.#stop('an escape such as \\n or \\"')
    if (this.#text[this.#at] !== '"') this.#stop('the closing quote')
    this.#at += 1
  }
}
