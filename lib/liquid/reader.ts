import { type Fault, fault } from './fault.ts'
import { type Token, tokensOf, wordEnd } from './lexer.ts'

/** A part of a text that has a name, or would have one. */
interface Identifier {
  text: string
  start: number
  end: number
}

/** Reads the tokens of one tag or output in order. */
export class Reader {
  readonly text: string
  /** Where the part that is read ends. */
  readonly limit: number
  readonly #tokens: Token[]
  #at = 0
  /** Where the token ends that was read last. */
  end: number
  #noted: Fault | undefined

  constructor(text: string, [start, end]: [number, number]) {
    this.text = text
    this.limit = end
    this.end = start
    this.#tokens = tokensOf(text, start, end)
  }

  /** The token that is read next. */
  get next(): Token | undefined {
    return this.#tokens[this.#at]
  }

  /** The token behind the next one. */
  get second(): Token | undefined {
    return this.#tokens[this.#at + 1]
  }

  /** Where the next token begins. */
  get position(): number {
    return this.next?.start ?? this.limit
  }

  take(): void {
    this.end = this.next?.end ?? this.limit
    this.#at++
  }

  slice({ start, end }: { start: number; end: number }): string {
    return this.text.slice(start, end)
  }

  /** Whether a sign stands next, or is a given token. */
  is(sign: string, token = this.next): boolean {
    return token?.kind === 'punctuation' && this.text[token.start] === sign
  }

  isWord(word: string): boolean {
    return this.next?.kind === 'word' && this.slice(this.next) === word
  }

  /** Whether nothing but the sign stands between the token that was read last and this place. */
  touches(sign: string): boolean {
    return this.is(sign) && this.position === this.end
  }

  /** Reads a sign if it stands next. */
  accept(sign: string): boolean {
    const found = this.is(sign)
    if (found) this.take()
    return found
  }

  /** Reads "=", be it the first half of another operator. */
  acceptAssignment(): boolean {
    const token = this.next
    if (token === undefined || this.text[token.start] !== '=') return false
    if (token.kind === 'operator') {
      this.#tokens[this.#at] = { kind: 'punctuation', start: token.start + 1, end: token.end }
      this.end = token.start + 1
    } else this.take()
    return true
  }

  /** Reads a name; it is empty where none stands. */
  identifier(): Identifier {
    const start = this.position
    const kind = this.next?.kind
    const end = kind === 'word' || kind === 'number' ? wordEnd(this.text, start, this.limit) : start
    if (end > start) this.take()
    return { text: this.text.slice(start, end), start, end }
  }

  /** Goes on behind an offset. */
  skipTo(end: number): void {
    while (this.next && this.next.start < end) this.#at++
    this.end = end
  }

  /** Keeps the first fault of values, which counts when the tag itself can be read. */
  note(found: Fault): void {
    this.#noted ??= found
  }

  /** The fault that was noted; from now on there is none. */
  takeNoted(): Fault | undefined {
    const noted = this.#noted
    this.#noted = undefined
    return noted
  }

  /** What is wrong with the language at an offset, up to the end of the mark or line. */
  syntax(message: string, at: number = this.position): Fault {
    const start = Math.min(at, this.text.length)
    const length = this.text.slice(start).search(/[%}]\}|\n/)
    const end = length < 0 ? this.text.length : start + length
    return fault('syntax', message, start, end > start ? end : Math.min(this.text.length, start + 1))
  }

  /** What stands next, in quotes and cut. */
  rest(): string {
    const rest = this.text.slice(this.position, this.limit)
    return JSON.stringify(rest.length > 32 ? `${rest.slice(0, 29)}...` : rest)
  }
}
