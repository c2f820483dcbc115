import { MOST_LEVELS, type Reading } from '../../reading.ts'
import { type BraceMark, type Mark, scan } from './scan.ts'
import { type Argument, type Block, content, type Program, type Strip } from './syntax.ts'
import { settleWhitespace } from './whitespace.ts'

interface Open {
  block: Block
  /** Where statements go. */
  program: Program
  /** How many `{{else if}}` are open within it: they close with it. */
  chained: number
  mark: BraceMark
}

const NO_STRIP: Strip = { open: false, close: false }

/** Parses a template of Handlebars; blocks that do not fit together are refused. */
export function parseHandlebars(text: string, reading: Reading): Program {
  const parser = new Parser(reading, text)
  const marks = scan(text, (at) => parser.stray(at))
  for (const mark of marks) parser.take(mark)
  const root = parser.finish()
  settleWhitespace(root)
  return root
}

class Parser {
  readonly #reading: Reading
  readonly #text: string
  readonly #root: Program = { body: [], isChained: false }
  readonly #open: Open[] = []
  #program = this.#root

  constructor(reading: Reading, text: string) {
    this.#reading = reading
    this.#text = text
  }

  stray(at: number): void {
    const seen = this.#text.slice(at, at + 40).split('\n')[0]
    this.#reading.note(at, `${seen} is nothing that Handlebars reads and is kept as it is`)
  }

  finish(): Program {
    const last = this.#open.at(-1)
    if (last) this.#reading.refuse(last.mark.at, `${this.#written(last.mark)} is not closed`)
    return this.#root
  }

  take(mark: Mark): void {
    if (mark.mark === 'text') {
      this.#program.body.push(content(mark.text))
      return
    }
    if (mark.kind === 'comment') {
      this.#program.body.push({ type: 'comment', text: mark.text, strip: mark.strip })
      return
    }
    if (mark.kind === 'else') return this.#else(mark)
    if (mark.kind === 'close') return this.#close(mark)
    const read = mark.inside.statement()
    // A text with something behind it, such as JSON, calls what nobody can have defined.
    if (!read || (read.call.callee.type === 'literal' && mark.kind === 'output')) {
      this.stray(mark.at)
      this.#program.body.push(content(this.#written(mark)))
      return
    }
    const { call, names } = read
    if (mark.kind === 'output') this.#program.body.push({ type: 'output', call, strip: mark.strip })
    else if (mark.kind === 'partial')
      this.#program.body.push({ type: 'partial', call, strip: mark.strip, indent: '' })
    else if (mark.kind === 'inverse' && this.#open.length > 0 && this.#isElse(mark))
      this.#chain(mark, call, names)
    else this.#begin(mark, call, names)
  }

  #written({ at, end }: BraceMark): string {
    return this.#text.slice(at, end)
  }

  #isElse(mark: BraceMark): boolean {
    return /^\{\{~?\s*else\b/.test(this.#written(mark))
  }

  #begin(mark: BraceMark, call: Block['call'], names: string[]): void {
    if (mark.kind === 'partialBlock') {
      this.#reading.refuse(
        mark.at,
        `${this.#written(mark)} wraps a text in another: put the shared parts in by partials`,
      )
    }
    if (this.#open.length >= MOST_LEVELS) {
      this.#reading.refuse(mark.at, `Blocks are nested deeper than ${MOST_LEVELS} levels`)
      return
    }
    const program: Program = { body: [], isChained: false }
    const isInverse = mark.kind === 'inverse'
    const block: Block = {
      type: 'block',
      call,
      names,
      program: isInverse ? undefined : program,
      inverse: isInverse ? program : undefined,
      openStrip: mark.strip,
      inverseStrip: NO_STRIP,
      closeStrip: NO_STRIP,
      isDecorator: mark.kind === 'decorator',
    }
    this.#program.body.push(block)
    this.#open.push({ block, program, chained: 0, mark })
    this.#program = program
  }

  #else(mark: BraceMark): void {
    const top = this.#open.at(-1)
    if (!top || (top.block.program && top.block.inverse)) {
      this.#reading.refuse(mark.at, `${this.#written(mark)} belongs to no block`)
      return
    }
    const program: Program = { body: [], isChained: false }
    top.block.inverseStrip = mark.strip
    if (top.block.program) top.block.inverse = program
    else top.block.program = program
    top.program = program
    this.#program = program
  }

  /** `{{else if x}}` is a block of its own within the inverse, which closes with the outer one. */
  #chain(mark: BraceMark, call: Block['call'], names: string[]): void {
    this.#else(mark)
    this.#program.isChained = true
    const outer = this.#open.at(-1)
    this.#begin(mark, call, names)
    const inner = this.#open.at(-1)
    if (!outer || !inner || inner === outer || !inner.block.inverse) return
    // It was opened by the same braces as an inverse; what it says is its program.
    inner.block.program = inner.block.inverse
    inner.block.inverse = undefined
    inner.block.openStrip = mark.strip
    inner.chained = outer.chained + 1
  }

  #close(mark: BraceMark): void {
    const name = nameOf(mark.inside.statement()?.call.callee)
    let top = this.#open.pop()
    while (top && top.chained > 0) {
      top.block.closeStrip = mark.strip
      top = this.#open.pop()
    }
    if (!top || name === undefined || name !== nameOf(top.block.call.callee)) {
      const opened = top ? `${this.#written(top.mark)} is open` : 'nothing is open'
      this.#reading.refuse(mark.at, `${this.#written(mark)} closes nothing: ${opened}`)
    }
    if (top) top.block.closeStrip = mark.strip
    this.#program = this.#open.at(-1)?.program ?? this.#root
  }
}

function nameOf(callee: Argument | undefined): string | undefined {
  if (callee?.type === 'path') return [...Array(callee.up).fill('..'), ...callee.parts].join('.') || 'this'
  return callee?.type === 'literal' ? String(callee.value) : undefined
}
