import { Analyser } from '../analyse.ts'
import { WIDEST_TEXT_LIMITS } from '../budget.ts'
import { FILTER_NAMES } from '../filters.ts'
import { parse } from '../parse.ts'
import { OPERATORS } from '../syntax.ts'
import { BLOCK_TAGS, TAG_NAMES } from '../tags.ts'
import { type Fix, withEdits } from './finding.ts'
import { cut, type Piece } from './pieces.ts'

/** Words of the language, and of what is read from a loop or a list. */
const LANGUAGE: ReadonlySet<string> = new Set([
  ...FILTER_NAMES,
  ...TAG_NAMES,
  ...[...BLOCK_TAGS.keys(), 'raw', 'comment'].map((name) => `end${name}`),
  ...OPERATORS,
  ...'else elsif when in limit offset reversed forloop true false nil empty blank'.split(' '),
])
/** The tags that begin another branch, by the block that they stand in. */
const BRANCHES: ReadonlyMap<string, readonly string[]> = new Map([
  ['if', ['elsif', 'else']],
  ['unless', ['elsif', 'else']],
  ['case', ['when', 'else']],
  ['for', ['else']],
])

const WORD = /[A-Za-z]\w*/g
/** A word that is no member of another. */
const ROOT = /(?<![\w.])[A-Za-z]\w*/g

/** What a text is made of, as far as a fix could do harm to it. */
interface State {
  /** What cannot be read, as it is written, and tags that belong to no block. */
  faults: string[]
  /** Words outside of quotes that are read as variables. */
  words: Set<string>
  /** All words outside of quotes. */
  named: Set<string>
}

/**
 * Judges fixes of one text: one is sound when nothing that it leaves behind is wrong that was not wrong before, and
 * no variable is read that the author named nowhere. Other mistakes of the text may stay, for one fix mends one.
 */
export class Soundness {
  readonly #text: string
  #before: State | undefined
  /** Whether a pair of braces can be read, by its text. */
  readonly #readable = new Map<string, boolean>()

  constructor(text: string) {
    this.#text = text
  }

  allows({ edits = [], messages }: Fix): boolean {
    this.#before ??= this.#stateOf(this.#text)
    const texts = messages ? messages.map(({ content }) => content) : [withEdits(this.#text, edits)]
    const removed = edits.map(({ from, to }) => this.#text.slice(from, to)).join(' ')
    return this.#isNoWorse(
      this.#before,
      removed,
      texts.map((text) => this.#stateOf(text)),
    )
  }

  /** The same for one pair of braces and what takes its place, which may be a part of a block. */
  allowsPiece(before: string, after: string): boolean {
    const { named, words } = this.#stateOf(before)
    const made = this.#stateOf(after)
    const isReadable = cut(after).pieces.every((piece) => this.canRead(piece, after))
    return isReadable && this.#isNoWorse({ named, words, faults: made.faults }, before, [made])
  }

  #isNoWorse(before: State, removed: string, after: readonly State[]): boolean {
    const left = new Map<string, number>()
    for (const each of before.faults) left.set(each, (left.get(each) ?? 0) + 1)
    for (const each of after.flatMap(({ faults }) => faults)) {
      const count = left.get(each) ?? 0
      if (count === 0) return false
      left.set(each, count - 1)
    }
    const gone = new Set(removed.replace(/"[^"]*"|'[^']*'/g, '""').match(WORD))
    return after.every(({ words }) => [...words].every((word) => before.named.has(word) || gone.has(word)))
  }

  #stateOf(text: string): State {
    const { pieces, prose } = cut(text)
    const faults = pieces.filter((piece) => !this.canRead(piece, text)).map((piece) => writtenOf(piece, text))
    // Nothing behind a mark that is not closed was cut.
    if (/\{[{%]/.test(prose)) faults.push('not closed')
    const bound = pieces.flatMap(({ kind, code }) =>
      kind === 'tag' ? (/^(?:for|assign)\s+(\w+)/.exec(code)?.[1] ?? []) : [],
    )
    const words = new Set(pieces.flatMap(({ code }) => code.match(ROOT) ?? []))
    for (const name of [...bound, ...LANGUAGE]) words.delete(name)
    const named = new Set(pieces.flatMap(({ code }) => code.match(WORD) ?? []))
    return { faults: [...faults, ...outOfPlace(pieces, text)], words, named }
  }

  /** Whether one pair of braces can be read, whatever stands around it. */
  canRead(piece: Piece, text: string): boolean {
    const written = writtenOf(piece, text)
    const known = this.#readable.get(written)
    if (known !== undefined) return known
    const standing = `{% for item in items %}${standingAlone(written, nameOf(piece))}{% endfor %}`
    const analyser = new Analyser()
    analyser.add(parse(standing, WIDEST_TEXT_LIMITS), [], standing)
    const isReadable = analyser.result().problems.length === 0
    this.#readable.set(written, isReadable)
    return isReadable
  }
}

function writtenOf({ start, end }: Piece, text: string): string {
  return text.slice(start, end)
}

function nameOf({ kind, code }: Piece): string {
  return kind === 'tag' ? (/^\w+/.exec(code)?.[0] ?? '') : ''
}

/** A tag with the rest of a block around it. */
function standingAlone(written: string, name: string): string {
  if (BLOCK_TAGS.has(name)) return `${written}{% end${name} %}`
  if (name === 'elsif' || name === 'else') return `{% if true %}${written}{% endif %}`
  if (name === 'when') return `{% case nil %}${written}{% endcase %}`
  return /^end(?:raw|comment)$/.test(name) || BLOCK_TAGS.has(name.replace(/^end/, '')) ? '' : written
}

/** Tags that belong to no block, blocks that are not closed, and counters outside of loops. */
function outOfPlace(pieces: readonly Piece[], text: string): string[] {
  const found: string[] = []
  const open: Piece[] = []
  for (const piece of pieces) {
    const name = nameOf(piece)
    const inside = open.at(-1)
    const block = inside ? nameOf(inside) : ''
    if (BLOCK_TAGS.has(name)) open.push(piece)
    else if (inside && name === `end${block}`) open.pop()
    else if (/^(?:end\w+|else|elsif|when)$/.test(name) && !BRANCHES.get(block)?.includes(name))
      found.push(writtenOf(piece, text))
    if (/(?<![\w.])forloop\b/.test(piece.code) && !open.some((each) => nameOf(each) === 'for'))
      found.push(writtenOf(piece, text))
  }
  return [...found, ...open.map((piece) => writtenOf(piece, text))]
}
