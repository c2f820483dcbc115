import type { TextEdit } from './finding.ts'
import { FILTERS_ELSEWHERE } from './known-names.ts'
import type { Cut, Piece } from './pieces.ts'

/** What the button says: the block that the text has. */
export function handlebarsLabel(text: string): string {
  if (/\{\{~?\s{0,9}#if\b/.test(text)) return 'Turn {{#if}} into {% if %}'
  if (/\{\{~?\s{0,9}#each\b/.test(text)) return 'Turn {{#each}} into {% for %}'
  return 'Turn Handlebars into Liquid'
}

/** An open block, and what names mean inside it. */
interface Block {
  name: 'if' | 'unless' | 'each' | 'with'
  /** The word that closes it. */
  closer: string
  /** What `this` is: a loop's item, or the path of a `with`; undefined where it stays what it was. */
  self: string | undefined
  /** Names that the block gives to its item, and to the place of the item. */
  given: string | undefined
  index?: string | undefined
}

const OPEN = /^#(if|unless|each|with)\s+(.+?)(?:\s+as\s+\|\s*(\w+)(?:[\s,]+(\w+))?\s*\|)?$/
const ENDS = { if: 'endif', unless: 'endunless', each: 'endfor', with: '' } as const
const COMPARISONS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    eq: '==',
    ne: '!=',
    gt: '>',
    lt: '<',
    gte: '>=',
    lte: '<=',
    and: 'and',
    or: 'or',
  }),
)
const LOOP: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '@index': 'forloop.index0',
    '@first': 'forloop.first',
    '@last': 'forloop.last',
  }),
)

/**
 * The edits that make Liquid of a Handlebars text: blocks, conditions, loops and the names inside them.
 * @returns undefined when a block is not closed, or holds what has no counterpart
 */
export function fromHandlebars(cut: Cut): TextEdit[] | undefined {
  return new Rewriting(cut).run()
}

class Rewriting {
  readonly #cut: Cut
  readonly #blocks: Block[] = []
  readonly #edits: TextEdit[] = []
  #fails = false

  constructor(cut: Cut) {
    this.#cut = cut
  }

  run(): TextEdit[] | undefined {
    for (const piece of this.#cut.pieces) if (piece.kind === 'output') this.#piece(piece)
    return this.#fails || this.#blocks.length > 0 ? undefined : this.#edits
  }

  #piece(piece: Piece): void {
    const { text } = this.#cut
    const [from, to] = piece.inner
    const source = text.slice(from, to)
    const left = source.startsWith('~') || text[piece.start + 2] === '-' ? '-' : ''
    const right = source.endsWith('~') || text[piece.end - 3] === '-' ? '-' : ''
    const inside = source.replace(/^~|~$/g, '').trim()
    const made = this.#rewritten(inside)
    if (made === undefined || (made === `{{ ${inside} }}` && inside === source)) return
    const isTriple = source.startsWith('{') && text[piece.end] === '}'
    const insert = made === '' ? '' : made.slice(0, 2) + left + made.slice(2, -2) + right + made.slice(-2)
    this.#edits.push({ from: piece.start, to: piece.end + (isTriple ? 1 : 0), insert })
  }

  /** The construct in Liquid; undefined leaves it as it is. */
  #rewritten(inside: string): string | undefined {
    const open = OPEN.exec(inside)
    if (open) return this.#open(open[1] as Block['name'], open[2] ?? '', open[3], undefined, open[4])
    // A section of Mustache for what is missing; one for what is there may be a loop, so it stays.
    const inverted = /^\^\s*([A-Za-z][\w.]*)$/.exec(inside)?.[1]
    if (inverted !== undefined) return this.#open('unless', inverted, undefined, inverted)
    const close = /^\/\s*([\w.]+)$/.exec(inside)
    if (close) return this.#close(close[1] ?? '')
    if (/^[#^/>=]/.test(inside)) return this.#fail()
    if (inside.startsWith('!')) return `{% comment %}${inside.replace(/^!(?:--)?|--?$/g, '')}{% endcomment %}`
    const middle = /^else(?:\s+if\s+(.+))?$/.exec(inside)
    if (middle) return middle[1] === undefined ? '{% else %}' : `{% elsif ${this.#condition(middle[1])} %}`
    const path = /^\{?\s*((?:@|this\b|\.\.\/|\.\/)?[\w./@[\]]*)$/.exec(inside)
    if (path?.[1]) return `{{ ${this.#path(path[1])} }}`
    const helper = /^(\w+)\s+([\w./@]+)$/.exec(inside)
    const filter = helper ? (FILTERS_ELSEWHERE.get(helper[1]?.toLowerCase() ?? '') ?? helper[1]) : undefined
    return helper?.[2] ? `{{ ${this.#path(helper[2])} | ${filter} }}` : undefined
  }

  #open(
    name: Block['name'],
    what: string,
    given: string | undefined,
    closer: string = name,
    index?: string,
  ): string {
    if (name === 'if' || name === 'unless') {
      const made = `{% ${name} ${this.#condition(what)} %}`
      this.#blocks.push({ name, closer, self: undefined, given: undefined })
      return made
    }
    const path = this.#path(what)
    if (name === 'with') {
      this.#blocks.push({ name, closer, self: path, given })
      return given === undefined ? '' : `{% assign ${given} = ${path} %}`
    }
    const depth = this.#blocks.filter((block) => block.name === 'each').length
    const item = given ?? (depth === 0 ? 'item' : `item${depth + 1}`)
    this.#blocks.push({ name, closer, self: item, given, index })
    return `{% for ${item} in ${path} %}`
  }

  #close(name: string): string | undefined {
    const block = this.#blocks.pop()
    if (block?.closer !== name) return this.#fail()
    const end = ENDS[block.name]
    return end === '' ? '' : `{% ${end} %}`
  }

  #condition(what: string): string {
    const call = /^\(\s*(\w+)\s+(\S+)(?:\s+(\S+))?\s*\)$/.exec(what)
    // A number is always true here.
    if (call === null) return this.#path(what).replace(/\.size$/, '.size > 0')
    const [, name = '', left = '', right] = call
    if (name === 'not' && right === undefined) return `not ${this.#path(left)}`
    const sign = COMPARISONS.get(name)
    if (sign === undefined || right === undefined) this.#fail()
    return `${this.#path(left)} ${sign} ${this.#path(right ?? '')}`
  }

  /** A path as it is read here: Handlebars reads names from the item of the innermost loop. */
  #path(given: string): string {
    if (/^(?:-?\d+(?:\.\d+)?|true|false|"[^"]*"|'[^']*')$/.test(given)) return given
    const counted = LOOP.get(given)
    if (counted !== undefined) return counted
    const scopes = this.#blocks.filter(({ self }) => self !== undefined)
    let path = given.replace(/^@root\.?/, () => (scopes.splice(0), ''))
    for (; path.startsWith('../'); path = path.slice(3)) if (scopes.pop() === undefined) this.#fail()
    path = path
      .replace(/^\.\//, '')
      .replaceAll('/', '.')
      .replace(/\.length$/, '.size')
    if (!/^[A-Za-z][\w.]*(?:\[\w+\])?$/.test(path)) {
      this.#fail()
      return path
    }
    if (scopes.some((scope) => scope.index === path)) return 'forloop.index0'
    const isGiven = scopes.some((scope) => scope.given === /^\w+/.exec(path)?.[0])
    const self = scopes.at(-1)?.self
    if (isGiven) return path
    if (/^this\b/.test(path)) {
      if (self === undefined) this.#fail()
      return path.replace(/^this/, self ?? 'this')
    }
    return self === undefined ? path : `${self}.${path}`
  }

  #fail(): undefined {
    this.#fails = true
  }
}
