import { MOST_LEVELS, type Reading } from '../../reading.ts'
import type { Flavor } from './flavor.ts'
import { type CodeMark, type Mark, scan } from './scan.ts'

/** So many layouts may stand on each other. */
const MOST_LAYOUTS = 10
/** So many marks may a text have with its layouts: blocks may be put in again and again. */
const MOST_MARKS = 50_000

/** A block, and where it stands among the marks. */
interface Block {
  name: string
  from: number
  /** Behind its end. */
  to: number
}

/**
 * Puts layouts and blocks together: what is left has none of their tags. A text that extends another is that one's
 * text with its own blocks; where one layout cannot be found, or blocks do not close, the marks stay as they are.
 */
export function withoutLayouts(marks: readonly Mark[], reading: Reading, flavor: Flavor): readonly Mark[] {
  const isLaidOut = marks.some((mark) => wordOf(mark) === 'block' || wordOf(mark) === 'extends')
  return isLaidOut ? new Layouts(reading, flavor).whole(marks) : marks
}

class Layouts {
  readonly #reading: Reading
  readonly #flavor: Flavor
  #count = 0
  #levels = 0

  constructor(reading: Reading, flavor: Flavor) {
    this.#reading = reading
    this.#flavor = flavor
  }

  whole(marks: readonly Mark[]): readonly Mark[] {
    let base = marks
    let blocks = new Map<string, readonly Mark[][]>()
    const before: Mark[] = []
    for (let levels = 0; ; levels++) {
      const found = blocksIn(base)
      if (found === undefined) return marks
      const extending = base.find((mark): mark is CodeMark => wordOf(mark) === 'extends')
      if (extending === undefined) return [...before, ...this.#filled(base, blocks)]
      const parent = levels < MOST_LAYOUTS ? this.#parent(extending) : undefined
      if (parent === undefined) return marks
      blocks = withOwn(blocks, base, found)
      before.push(...outside(base, found))
      base = parent
    }
  }

  /** The marks of the text that is extended, each at the tag that names it. */
  #parent(extending: CodeMark): readonly Mark[] | undefined {
    const [, name, more] = extending.tokens
    if (name?.kind !== 'string' || more !== undefined) return undefined
    const text = this.#reading.partials.get(name.text.slice(1, -1))
    if (text === undefined) return undefined
    const { at, end } = extending
    return scan(text, this.#flavor, () => undefined).map((mark) =>
      'at' in mark ? { ...mark, at, end } : mark,
    )
  }

  /**
   * The marks without the tags of blocks.
   * @param blocks what is put into each, the own text of the layout last
   */
  #filled(marks: readonly Mark[], blocks: ReadonlyMap<string, readonly Mark[][]>): Mark[] {
    const made: Mark[] = []
    if (this.#isTooMuch) return made
    let at = 0
    this.#levels++
    for (const { name, from, to } of blocksIn(marks) ?? []) {
      this.#add(made, marks.slice(at, from))
      const own = marks.slice(from + 1, to - 1)
      this.#add(made, this.#put([...(blocks.get(name) ?? []), own], blocks))
      at = to
    }
    this.#add(made, marks.slice(at))
    this.#levels--
    return made
  }

  get #isTooMuch(): boolean {
    const isTooMuch = this.#count > MOST_MARKS || this.#levels > MOST_LEVELS
    if (isTooMuch) this.#reading.refuse(0, 'Its layouts make a text that is too long, or hold themselves')
    return isTooMuch
  }

  /** The first of some texts of a block; `super()` in it is the next one. */
  #put(
    [first = [], ...others]: readonly (readonly Mark[])[],
    blocks: ReadonlyMap<string, readonly Mark[][]>,
  ): Mark[] {
    const made: Mark[] = []
    if (this.#isTooMuch) return made
    for (const mark of this.#filled(first, blocks)) {
      if (others.length > 0 && isSuper(mark)) this.#add(made, this.#put(others, blocks))
      else this.#add(made, [mark])
    }
    return made
  }

  #add(made: Mark[], marks: readonly Mark[]): void {
    this.#count += marks.length
    if (this.#count <= MOST_MARKS) made.push(...marks)
  }
}

/** The blocks that are in no other one; undefined where one is not closed. */
function blocksIn(marks: readonly Mark[]): Block[] | undefined {
  const found: Block[] = []
  const open: { name: string; from: number }[] = []
  for (const [index, mark] of marks.entries()) {
    const word = wordOf(mark)
    if (word === 'block') open.push({ name: nameOf(mark), from: index })
    if (word !== 'endblock') continue
    const last = open.pop()
    if (last === undefined) return undefined
    if (open.length === 0) found.push({ ...last, to: index + 1 })
  }
  return open.length > 0 ? undefined : found
}

/** The blocks of a text behind those of the texts that extend it, with those within them. */
function withOwn(
  blocks: ReadonlyMap<string, readonly Mark[][]>,
  marks: readonly Mark[],
  found: readonly Block[],
): Map<string, readonly Mark[][]> {
  const made = new Map(blocks)
  for (const { name, from, to } of found) {
    const own = marks.slice(from + 1, to - 1)
    made.set(name, [...(made.get(name) ?? []), own])
    for (const [inner, texts] of withOwn(new Map(), own, blocksIn(own) ?? []))
      made.set(inner, [...(made.get(inner) ?? []), ...texts])
  }
  return made
}

/** What a text that extends another does besides: it sets names and makes macros; its text is not sent. */
function outside(marks: readonly Mark[], found: readonly Block[]): Mark[] {
  return marks.filter(
    (mark, index) =>
      mark.mark === 'tag' &&
      wordOf(mark) === 'set' &&
      mark.tokens.some(({ text }) => text === '=') &&
      !found.some(({ from, to }) => index >= from && index < to),
  )
}

function wordOf(mark: Mark): string | undefined {
  return mark.mark === 'tag' ? mark.tokens[0]?.text : undefined
}

function nameOf(mark: Mark): string {
  return mark.mark === 'tag' ? (mark.tokens[1]?.text ?? '') : ''
}

function isSuper(mark: Mark): boolean {
  return mark.mark === 'output' && mark.tokens.map(({ text }) => text).join('') === 'super()'
}
