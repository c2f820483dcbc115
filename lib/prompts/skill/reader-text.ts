import {
  isVerbatim,
  type Mark,
  Marks,
  stringContent,
  tagName,
  tokensOf,
  verbatimEnd,
} from '../../liquid/lexer.ts'

/** A text as somebody reads it who fills in nothing by a program. */
export interface ReaderText {
  readonly text: string
  /** Whether it has values to fill in, or tags that say what holds when. */
  readonly hasOutputs: boolean
  readonly hasTags: boolean
}

/**
 * Turns a template into a text for a reader: what it includes becomes a link to read, what is raw stands as it is
 * meant, comments go. Values to fill in, conditions and loops stay as they are written: models read them.
 * @param linkOf the path of the file that stands for a reference
 */
export function readerText(source: string, linkOf: (ref: string) => string | undefined): ReaderText {
  const reading = new Reading(source, linkOf)
  return reading.run()
}

class Reading {
  readonly #source: string
  readonly #linkOf: (ref: string) => string | undefined
  /** Pieces, since white space is taken away at their end: a text as a whole would be copied each time. */
  readonly #pieces: string[] = []
  #at = 0
  #hasOutputs = false
  #hasTags = false
  /** A mark that is gone ended with a dash: white space after it is dropped. */
  #trimNext = false

  constructor(source: string, linkOf: (ref: string) => string | undefined) {
    this.#source = source
    this.#linkOf = linkOf
  }

  run(): ReaderText {
    const marks = new Marks(this.#source)
    for (let mark = marks.next(0); mark !== undefined && mark.end >= 0; mark = marks.next(this.#at)) {
      this.#add(this.#source.slice(this.#at, mark.start))
      this.#at = mark.end
      if (mark.kind === 'output') this.#keep(mark, 'output')
      else this.#tag(mark)
    }
    this.#add(this.#source.slice(this.#at))
    return { text: this.#pieces.join(''), hasOutputs: this.#hasOutputs, hasTags: this.#hasTags }
  }

  #add(text: string): void {
    this.#pieces.push(this.#trimNext ? text.trimStart() : text)
    this.#trimNext = false
  }

  #trimEnd(): void {
    for (let last = this.#pieces.pop(); last !== undefined; last = this.#pieces.pop()) {
      const kept = last.trimEnd()
      if (kept !== '') return void this.#pieces.push(kept)
    }
  }

  #keep({ start, end }: Mark, kind: 'output' | 'tag'): void {
    if (kind === 'output') this.#hasOutputs = true
    else this.#hasTags = true
    this.#add(this.#source.slice(start, end))
  }

  #tag(mark: Mark): void {
    const { name, rest } = tagName(this.#source, mark.from)
    if (isVerbatim(name)) this.#verbatim(name, mark)
    else if (name === '#') this.#replace(mark, '')
    else if (name === 'render') this.#include(mark, rest)
    else this.#keep(mark, 'tag')
  }

  #verbatim(name: string, mark: Mark): void {
    const close = verbatimEnd(this.#source, name, mark.end)
    if (close === undefined) return this.#keep(mark, 'tag')
    const inside = name === 'raw' ? this.#source.slice(mark.end, close[0]) : ''
    this.#replace({ ...mark, end: close[1] }, inside)
    this.#at = close[1]
  }

  /** Puts a text in the place of a mark, whose dashes take away the white space beside it. */
  #replace({ start, end }: Mark, text: string): void {
    if (this.#source[start + 2] === '-') this.#trimEnd()
    this.#add(text)
    this.#trimNext = this.#source[end - 3] === '-'
  }

  #include(mark: Mark, rest: number): void {
    const [reference] = tokensOf(this.#source, rest, mark.to)
    const ref = reference?.kind === 'string' ? stringContent(this.#source, reference) : ''
    const path = this.#linkOf(ref)
    if (reference === undefined || path === undefined) return this.#keep(mark, 'tag')
    const passed = this.#source.slice(reference.end, mark.to).trim().replace(/^,\s*/, '')
    this.#replace(mark, `[Read ${path} here](${path})${passed === '' ? '' : ` (with ${inCode(passed)})`}`)
  }
}

/** As code, with a fence longer than every run of backticks inside. */
function inCode(text: string): string {
  const longest = Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest === 0 ? fence + text + fence : `${fence} ${text} ${fence}`
}
