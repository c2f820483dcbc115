import { defaultOperators, Tokenizer } from 'liquidjs'
import { fault, TAGS_LIMIT } from './fault.ts'
import { outputEnd } from './output-end.ts'

/** Text between marks, after `-` has trimmed it. */
export interface TextMark {
  mark: 'text'
  text: string
}
/** `{{ … }}`; the content is what is between the braces and dashes. */
export interface OutputMark {
  mark: 'output'
  begin: number
  end: number
  content: [number, number]
}
/** `{% name … %}` */
export interface TagMark {
  mark: 'tag'
  name: string
  begin: number
  end: number
  /** Reads what stands after the name. */
  readonly tokenizer: Tokenizer
}
export type Mark = TextMark | OutputMark | TagMark

/** Reads values in a part of a text; offsets are those of the whole text. */
export function tokenizerOf(text: string, [start, end]: [number, number]): Tokenizer {
  return new Tokenizer(text, defaultOperators, undefined, [start, end])
}

const OPEN_TAG = 'A tag ends with %}; a literal {% is written {% raw %}{%{% endraw %}'

const TAG_NAME = /\s*(#|\w*)\s*/y
/** What ends a tag whose content is not read as a template. */
const VERBATIM_ENDS: Readonly<Record<string, RegExp>> = {
  raw: /\{%-?\s*endraw\s*-?%\}/g,
  comment: /\{%-?\s*endcomment\s*-?%\}/g,
}

/**
 * Splits a template into its texts, outputs and tags, in time linear in its length. `raw` becomes text,
 * comments are left out.
 * @param most tags and outputs that the text may have (`limits.template_tags`)
 * @throws Fault when a mark is not closed, and when there are too many
 */
export function scan(text: string, most: number): Mark[] {
  return new Scanner(text, most).run()
}

class Scanner {
  readonly #text: string
  readonly #most: number
  readonly #marks: Mark[] = []
  #at = 0
  #count = 0
  /** The last mark ended with a dash: white space after it is dropped. */
  #trimNext = false

  constructor(text: string, most: number) {
    this.#text = text
    this.#most = most
  }

  run(): Mark[] {
    for (let begin = this.#nextMark(this.#at); begin >= 0; begin = this.#nextMark(this.#at)) {
      const dashed = this.#text[begin + 2] === '-'
      this.#addText(this.#text.slice(this.#at, begin), dashed)
      if (++this.#count > this.#most) {
        const message = `A text has at most ${this.#most} tags and outputs (limits.template_tags)`
        throw fault(TAGS_LIMIT, message, begin, begin + 2)
      }
      if (this.#text[begin + 1] === '{') this.#output(begin, dashed)
      else this.#tag(begin, dashed)
    }
    this.#addText(this.#text.slice(this.#at), false)
    return this.#marks
  }

  #nextMark(from: number): number {
    let at = this.#text.indexOf('{', from)
    while (at >= 0) {
      const next = this.#text[at + 1]
      if (next === '{' || next === '%') return at
      at = this.#text.indexOf('{', at + 1)
    }
    return -1
  }

  #addText(text: string, trimEnd: boolean): void {
    const start = this.#trimNext ? text.trimStart() : text
    const trimmed = trimEnd ? start.trimEnd() : start
    this.#trimNext = false
    if (trimmed !== '') this.#marks.push({ mark: 'text', text: trimmed })
  }

  #output(begin: number, dashed: boolean): void {
    const close = outputEnd(this.#text, begin + 2)
    if (close < 0) throw fault('open_output', '{{ is not closed', begin, lineEnd(this.#text, begin))
    this.#marks.push({
      mark: 'output',
      begin,
      end: close + 2,
      content: this.#content(begin + (dashed ? 3 : 2), close),
    })
    this.#at = close + 2
  }

  #tag(begin: number, dashed: boolean): void {
    const text = this.#text
    const close = text.indexOf('%}', begin + 2)
    if (close < 0) throw fault('open_tag', '{% is not closed', begin, lineEnd(text, begin), OPEN_TAG)
    const end = close + 2
    const content = this.#content(Math.min(close, begin + (dashed ? 3 : 2)), close)
    TAG_NAME.lastIndex = content[0]
    const name = TAG_NAME.exec(text)?.[1] ?? ''
    if (name === '') throw fault('syntax', 'The name of a tag is expected here', begin, end)
    this.#at = end
    const verbatim = VERBATIM_ENDS[name]
    if (verbatim) return this.#verbatim(name, verbatim, begin, end)
    if (name !== '#') this.#marks.push(new Tag(text, name, begin, end, [TAG_NAME.lastIndex, content[1]]))
  }

  #verbatim(name: string, pattern: RegExp, begin: number, end: number): void {
    pattern.lastIndex = end
    const match = pattern.exec(this.#text)
    if (!match) throw fault('open_tag', `{% ${name} %} is not closed`, begin, end)
    this.#trimNext = false
    if (name === 'raw') this.#addText(this.#text.slice(end, match.index), false)
    this.#at = match.index + match[0].length
    this.#trimNext = match[0].endsWith('-%}')
  }

  /** The span between the delimiters, without the closing dash and white space at both ends. */
  #content(start: number, close: number): [number, number] {
    const dashed = close > start && this.#text[close - 1] === '-'
    this.#trimNext = dashed || this.#text[close - 1] === '-'
    const inner = this.#text.slice(start, dashed ? close - 1 : close)
    const first = start + inner.length - inner.trimStart().length
    return [first, Math.max(first, start + inner.trimEnd().length)]
  }
}

class Tag implements TagMark {
  readonly mark = 'tag'
  readonly name: string
  readonly begin: number
  readonly end: number
  readonly #text: string
  readonly #span: [number, number]
  #tokenizer: Tokenizer | undefined

  constructor(text: string, name: string, begin: number, end: number, span: [number, number]) {
    this.#text = text
    this.name = name
    this.begin = begin
    this.end = end
    this.#span = [Math.min(span[0], span[1]), span[1]]
  }

  get tokenizer(): Tokenizer {
    this.#tokenizer ??= tokenizerOf(this.#text, this.#span)
    return this.#tokenizer
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
