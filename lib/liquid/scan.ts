import { fault, TAGS_LIMIT } from './fault.ts'
import { isVerbatim, type Mark as LexedMark, Marks, tagName, trimmed, verbatimEnd } from './lexer.ts'
import { Reader } from './reader.ts'

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
  readonly reader: Reader
}
export type Mark = TextMark | OutputMark | TagMark

const OPEN_TAG = 'A tag ends with %}; a literal {% is written {% raw %}{%{% endraw %}'

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
    const lexed = new Marks(this.#text)
    for (let mark = lexed.next(0); mark; mark = lexed.next(this.#at)) {
      const { start, from } = mark
      this.#addText(this.#text.slice(this.#at, start), from === start + 3)
      if (++this.#count > this.#most) {
        const message = `A text has at most ${this.#most} tags and outputs (limits.template_tags)`
        throw fault(TAGS_LIMIT, message, start, start + 2)
      }
      this.#add(mark)
    }
    this.#addText(this.#text.slice(this.#at), false)
    return this.#marks
  }

  #addText(text: string, trimEnd: boolean): void {
    const start = this.#trimNext ? text.trimStart() : text
    const trimmedText = trimEnd ? start.trimEnd() : start
    this.#trimNext = false
    if (trimmedText !== '') this.#marks.push({ mark: 'text', text: trimmedText })
  }

  #add({ kind, start: begin, end, from, to }: LexedMark): void {
    const text = this.#text
    const isOutput = kind === 'output'
    if (end < 0) {
      const stop = lineEnd(text, begin)
      if (isOutput) throw fault('open_output', '{{ is not closed', begin, stop)
      throw fault('open_tag', '{% is not closed', begin, stop, OPEN_TAG)
    }
    this.#at = end
    this.#trimNext = text[end - 3] === '-'
    const content = trimmed(text, from, to)
    if (isOutput) {
      this.#marks.push({ mark: 'output', begin, end, content })
      return
    }
    const { name, rest } = tagName(text, from)
    if (name === '') throw fault('syntax', 'The name of a tag is expected here', begin, end)
    if (isVerbatim(name)) this.#verbatim(name, begin, end)
    else if (name !== '#') this.#marks.push(new Tag(text, name, begin, end, [rest, content[1]]))
  }

  #verbatim(name: string, begin: number, end: number): void {
    const close = verbatimEnd(this.#text, name, end)
    if (!close) throw fault('open_tag', `{% ${name} %} is not closed`, begin, end)
    this.#trimNext = false
    if (name === 'raw') this.#addText(this.#text.slice(end, close[0]), false)
    this.#at = close[1]
    this.#trimNext = this.#text[close[1] - 3] === '-'
  }
}

class Tag implements TagMark {
  readonly mark = 'tag'
  readonly name: string
  readonly begin: number
  readonly end: number
  readonly #text: string
  readonly #span: [number, number]
  #reader: Reader | undefined

  constructor(text: string, name: string, begin: number, end: number, span: [number, number]) {
    this.#text = text
    this.name = name
    this.begin = begin
    this.end = end
    this.#span = [Math.min(span[0], span[1]), span[1]]
  }

  get reader(): Reader {
    this.#reader ??= new Reader(this.#text, this.#span)
    return this.#reader
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from)
  return end < 0 ? text.length : end
}
