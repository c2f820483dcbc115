import type { Token } from './scan.ts'

/** What stands in braces, token by token. Whatever is wrong throws `Unreadable`, which the reader of tags catches. */
export class Tokens {
  readonly at: number
  #tokens: readonly Token[]
  #next = 0
  /** How many parentheses and filters are open. */
  levels = 0

  constructor(tokens: readonly Token[], at: number) {
    this.#tokens = tokens
    this.at = tokens[0]?.at ?? at
  }

  get next(): Token | undefined {
    return this.#tokens[this.#next]
  }

  get second(): Token | undefined {
    return this.#tokens[this.#next + 1]
  }

  get position(): number {
    return this.next?.at ?? this.at
  }

  isSign(...signs: string[]): boolean {
    return this.next?.kind === 'sign' && signs.includes(this.next.text)
  }

  isWord(...words: string[]): boolean {
    return this.next?.kind === 'name' && words.includes(this.next.text)
  }

  accepts(text: string): boolean {
    const token = this.next
    if (!token || token.kind === 'string' || token.text !== text) return false
    this.#next++
    return true
  }

  take(): Token {
    const token = this.next
    if (!token) throw unreadable()
    this.#next++
    return token
  }

  /** Takes `.items()` or `|items` away that stands at the end of what a loop goes over. */
  dropItems(): boolean {
    const words = this.#tokens.map(({ text }) => text)
    const found = [
      ['.', 'items', '(', ')'],
      ['|', 'items'],
    ].find((end) => end.every((word, index) => words[words.length - end.length + index] === word))
    if (!found) return false
    this.#tokens = this.#tokens.slice(0, -found.length)
    return true
  }

  expect(text: string): void {
    if (!this.accepts(text)) throw unreadable()
  }

  name(): string {
    const token = this.take()
    if (token.kind !== 'name') throw unreadable()
    return token.text
  }

  end(): void {
    if (this.next) throw unreadable()
  }
}

export interface Unreadable extends Error {
  readonly name: 'Unreadable'
}

export function unreadable(message = ''): Unreadable {
  return Object.assign(new Error(message), { name: 'Unreadable' as const })
}

export function isUnreadable(error: unknown): error is Unreadable {
  return error instanceof Error && error.name === 'Unreadable'
}
