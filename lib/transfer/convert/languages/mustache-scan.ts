/** A piece of a template of Mustache. */
export interface MustacheMark {
  kind: 'text' | 'name' | 'section' | 'inverted' | 'close' | 'comment' | 'partial'
  /** Of a text or comment; of a partial, the blanks before it on its line. */
  text: string
  name: string
  at: number
}

const KINDS: Readonly<Record<string, MustacheMark['kind']>> = {
  '#': 'section',
  '^': 'inverted',
  '/': 'close',
  '!': 'comment',
  '>': 'partial',
  '&': 'name',
  '{': 'name',
}
/** What can be a name; JSON in two braces is none. */
const NAME = /^[\p{L}\p{N}_$@./-]+(?: [\p{L}\p{N}_$@./-]+){0,9}$/u
/** Longest delimiter that somebody may set. */
const LONGEST_DELIMITER = 20

/**
 * Splits a template of Mustache at its tags. A line on which only tags stand that write nothing is no line of the
 * result. What is not closed is text.
 * @param stray hears of tags that hold no name; they are text
 */
export function scanMustache(text: string, stray: (at: number) => void): MustacheMark[] {
  return new Scanner(text, stray).run()
}

class Scanner {
  readonly #text: string
  readonly #marks: MustacheMark[] = []
  /** Marks of the current line; blank texts among them are dropped where the line has only tags. */
  #line: MustacheMark[] = []
  #hasTag = false
  #hasContent = false
  #open = '{{'
  #close = '}}'

  readonly #stray: (at: number) => void

  constructor(text: string, stray: (at: number) => void) {
    this.#text = text
    this.#stray = stray
  }

  run(): MustacheMark[] {
    const text = this.#text
    let from = 0
    for (let at = text.indexOf(this.#open); at >= 0; at = text.indexOf(this.#open, from)) {
      const end = this.#tag(at, from)
      if (end < 0) break
      from = end
    }
    this.#addText(text.slice(from), from)
    this.#endLine()
    return this.#marks
  }

  /** @returns where the tag ends, or -1 where it does not */
  #tag(at: number, from: number): number {
    const text = this.#text
    let start = at + this.#open.length
    while (start < text.length && /\s/.test(text.charAt(start))) start++
    const sign = text.charAt(start)
    if (sign === '=') return this.#delimiters(at, from, start)
    const kind = KINDS[sign] ?? 'name'
    const inside = KINDS[sign] ? start + 1 : start
    const closing = sign === '{' ? `}${this.#close}` : this.#close
    const close = text.indexOf(closing, inside)
    if (close < 0) return -1
    this.#addText(text.slice(from, at), from)
    const content = text.slice(inside, close)
    const isComment = kind === 'comment'
    if (!isComment && !NAME.test(content.trim())) {
      this.#stray(at)
      this.#addText(text.slice(at, close + closing.length), at)
      return close + closing.length
    }
    const indent = kind === 'partial' ? blanks(this.#line) : ''
    this.#line.push({ kind, name: isComment ? '' : content.trim(), text: isComment ? content : indent, at })
    this.#hasTag = true
    if (kind === 'name') this.#hasContent = true
    return close + closing.length
  }

  /** `{{=<% %>=}}` */
  #delimiters(at: number, from: number, start: number): number {
    const text = this.#text
    const close = text.indexOf(`=${this.#close}`, start + 1)
    if (close < 0) return -1
    const [open, end] = text
      .slice(start + 1, close)
      .trim()
      .split(/\s+/)
    if (!open || !end || open.length > LONGEST_DELIMITER || end.length > LONGEST_DELIMITER) return -1
    this.#addText(text.slice(from, at), from)
    this.#hasTag = true
    const behind = close + 1 + this.#close.length
    this.#open = open
    this.#close = end
    return behind
  }

  #addText(text: string, at: number): void {
    let from = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#addPiece(text.slice(from, end + 1), at + from)
      this.#endLine()
      from = end + 1
    }
    this.#addPiece(text.slice(from), at + from)
  }

  #addPiece(text: string, at: number): void {
    if (text === '') return
    if (text.trim() !== '') this.#hasContent = true
    this.#line.push({ kind: 'text', text, name: '', at })
  }

  #endLine(): void {
    const isDropped = this.#hasTag && !this.#hasContent
    for (const mark of this.#line) {
      if (mark.kind === 'partial' && !isDropped) mark.text = ''
      if (mark.kind !== 'text' || !isDropped) this.#marks.push(mark)
    }
    this.#line = []
    this.#hasTag = false
    this.#hasContent = false
  }
}

/** The blanks with which a line begins that has nothing else so far. */
function blanks(line: readonly MustacheMark[]): string {
  return line.length === 1 && line[0]?.kind === 'text' && line[0].text.trim() === '' ? line[0].text : ''
}
