import { MOST_LEVELS, type Reading } from '../../reading.ts'
import {
  addText,
  asValue,
  type Expression,
  type Local,
  member,
  type Node,
  newLoop,
  type Tree,
} from '../../tree.ts'
import { captured } from './capture.ts'
import { ExpressionReader } from './expressions.ts'
import { type Flavor, JINJA, NUNJUCKS } from './flavor.ts'
import { kindOf } from './kinds.ts'
import { withoutLayouts } from './layouts.ts'
import { Macros } from './macros.ts'
import { type CodeMark, type Mark, scan } from './scan.ts'
import { Scope } from './scope.ts'
import { MIDDLES, REFUSED, readsLoop, TAGS } from './tags.ts'
import { isUnreadable, Tokens } from './tokens.ts'

/** Reads a template of Jinja. */
export function readJinja(reading: Reading): Tree {
  return readAs(JINJA, reading)
}

/** Reads a template of Nunjucks. HTML is not escaped: prompts are no pages. */
export function readNunjucks(reading: Reading): Tree {
  return readAs(NUNJUCKS, reading)
}

function readAs(base: Flavor, reading: Reading): Tree {
  const { trimBlocks = false, lstripBlocks = false } = reading.options
  const flavor = { ...base, trimBlocks, lstripBlocks }
  const marks = scan(reading.text, flavor, (at) => {
    const seen = reading.text.slice(at, at + 40).split('\n')[0]
    reading.note(at, `${seen} is nothing that ${flavor.name} reads and is kept as it is`)
  })
  const whole = withoutLayouts(marks, reading, flavor)
  return { nodes: new JinjaReader(reading, flavor, whole).root(), truth: flavor.truth }
}

class JinjaReader {
  readonly #reading: Reading
  readonly #flavor: Flavor
  readonly #marks: readonly Mark[]
  readonly #macros: Macros
  #at = 0
  #levels = 0
  #scope = new Scope()

  constructor(reading: Reading, flavor: Flavor, marks: readonly Mark[]) {
    this.#reading = reading
    this.#flavor = flavor
    this.#marks = marks
    this.#macros = new Macros(reading)
  }

  root(): Node[] {
    const nodes: Node[] = []
    for (;;) {
      const end = this.#body(nodes, new Set())
      if (!end) return nodes
      this.#reading.refuse(end.at, `${this.#written(end)} belongs to no block`)
    }
  }

  #written({ at, end }: CodeMark): string {
    return this.#reading.text.slice(at, Math.min(end, at + 60))
  }

  /** Reads up to a tag that ends this body, which is read too; undefined at the end of the text. */
  #body(nodes: Node[], ends: ReadonlySet<string>): (CodeMark & { word: string }) | undefined {
    for (let mark = this.#marks[this.#at]; mark; mark = this.#marks[this.#at]) {
      this.#at++
      if (mark.mark === 'text') addText(nodes, mark.text)
      else if (mark.mark === 'comment') nodes.push({ is: 'comment', text: mark.text })
      else if (mark.mark === 'output') this.#output(mark, nodes)
      else {
        const word = mark.tokens[0]?.text ?? ''
        if (ends.has(word) || word.startsWith('end') || MIDDLES.has(word)) return { ...mark, word }
        this.#tag(mark, word, nodes)
      }
    }
    return undefined
  }

  #expressions(tokens: Tokens): ExpressionReader {
    return new ExpressionReader(tokens, this.#scope, { reading: this.#reading, flavor: this.#flavor })
  }

  /** Reads the whole of some tokens as one value. */
  #whole(tokens: Tokens): Expression {
    const reader = this.#expressions(tokens)
    const read = reader.expression()
    tokens.end()
    reader.finish()
    return read
  }

  #output(mark: CodeMark, nodes: Node[]): void {
    const call = this.#macros.callIn(mark)
    if (call) return this.#expand(call.name, mark, nodes)
    try {
      const read = this.#whole(new Tokens(mark.tokens, mark.at))
      nodes.push({ is: 'output', value: this.#shown(asValue(read)) })
    } catch (error) {
      if (!isUnreadable(error)) throw error
      this.#reading.note(
        mark.at,
        `${this.#written(mark)} is nothing that ${this.#flavor.name} reads and is kept as it is`,
      )
      addText(nodes, this.#reading.text.slice(mark.at, mark.end))
    }
  }

  /** Python writes truth with capitals. */
  #shown(read: Expression): Expression {
    const isTruth =
      ['compare', 'not', 'given'].includes(read.is) ||
      (read.is === 'value' && typeof read.value === 'boolean')
    if (!isTruth || this.#flavor.name !== 'jinja2') return read
    const text = (value: string): Expression => ({ is: 'value', value })
    return { is: 'choose', test: read, held: text('True'), otherwise: text('False') }
  }

  #tag(mark: CodeMark, word: string, nodes: Node[]): void {
    const tokens = new Tokens(mark.tokens, mark.at)
    const known = TAGS.has(word)
    if (!known || this.#levels >= MOST_LEVELS) {
      const advice = REFUSED.get(word) ?? (known ? 'Blocks are nested too deeply' : 'There is no such tag')
      return this.#reading.refuse(mark.at, `${this.#written(mark)}: ${advice}`)
    }
    this.#levels++
    try {
      tokens.take()
      this.#known(word, tokens, mark, nodes)
    } catch (error) {
      if (!isUnreadable(error)) throw error
      this.#reading.refuse(mark.at, `${this.#written(mark)} cannot be read`)
    }
    this.#levels--
  }

  #known(word: string, tokens: Tokens, mark: CodeMark, nodes: Node[]): void {
    switch (word) {
      case 'if':
        return this.#if(tokens, mark, nodes)
      case 'for':
        return this.#for(tokens, mark, nodes)
      case 'set':
        return this.#set(tokens, mark, nodes)
      case 'with':
        return this.#with(tokens, mark, nodes)
      case 'macro':
        return this.#macro(tokens, mark)
      case 'include':
        return this.#include(tokens, mark, nodes)
      case 'filter':
        return this.#filterBlock(mark, nodes)
      case 'print':
        nodes.push({ is: 'output', value: this.#shown(asValue(this.#whole(tokens))) })
        return
      default:
        this.#until(nodes, mark, `end${word}`)
    }
  }

  /** Reads the body of a block up to one of its ends. */
  #until(nodes: Node[], mark: CodeMark, ...ends: string[]): CodeMark & { word: string } {
    const end = this.#body(nodes, new Set(ends))
    if (end && ends.includes(end.word)) return end
    const message = end
      ? `${this.#written(end)} does not end ${this.#written(mark)}`
      : `${this.#written(mark)} is not closed`
    this.#reading.refuse(end?.at ?? mark.at, message)
    // The last of them ends the whole block: with any other one the reader would go on for ever.
    return { ...mark, word: ends.at(-1) ?? '' }
  }

  #if(tokens: Tokens, mark: CodeMark, nodes: Node[]): void {
    const node: Extract<Node, { is: 'if' }> = { is: 'if', branches: [], otherwise: [] }
    this.#scope.conditions++
    let test: Expression | undefined = this.#whole(tokens)
    for (;;) {
      const body: Node[] = []
      const end = this.#until(body, mark, 'elif', 'elseif', 'else', 'endif')
      if (test) node.branches.push({ test, body })
      else node.otherwise = body
      if (end.word !== 'elif' && end.word !== 'elseif' && end.word !== 'else') break
      const inner = new Tokens(end.tokens, end.at)
      inner.take()
      test = end.word === 'else' ? undefined : this.#whole(inner)
    }
    this.#scope.conditions--
    nodes.push(node)
  }

  #for(tokens: Tokens, mark: CodeMark, nodes: Node[]): void {
    const names = [tokens.name()]
    while (tokens.accepts(',')) names.push(tokens.name())
    tokens.expect('in')
    const isPairs = names.length > 1 && this.#flavor.name === 'nunjucks'
    const loop = newLoop(names.length > 1 ? 'pair' : (names[0] ?? 'item'), isPairs)
    const { items, isOfPairs } = this.#iterated(tokens, loop.isPairs)
    if (isOfPairs) {
      loop.isPairs = true
      loop.item.type = 'array'
    }
    const outer = this.#scope
    this.#scope = new Scope(outer, loop)
    const item: Expression = { is: 'local', local: loop.item }
    for (const [index, name] of names.entries())
      this.#scope.define(name, names.length > 1 ? member(item, index) : item)
    const test = tokens.accepts('if') ? this.#expressions(tokens).expression() : undefined
    tokens.end()
    const body: Node[] = []
    const end = this.#until(body, mark, 'else', 'endfor')
    const first = this.#scope.first
    this.#scope = outer
    const otherwise: Node[] = []
    if (end.word === 'else') this.#until(otherwise, mark, 'endfor')
    const inner = [...first, ...body]
    if (test && (otherwise.length > 0 || readsLoop(inner, loop)))
      this.#reading.refuse(
        mark.at,
        'A loop that leaves items out cannot count them here: choose the items before it',
      )
    const chosen: Node[] = test ? [{ is: 'if', branches: [{ test, body: inner }], otherwise: [] }] : inner
    nodes.push({ is: 'for', loop, items, body: chosen, otherwise })
  }

  /** What a loop goes over; `.items()` and a second name say that it is an object. */
  #iterated(tokens: Tokens, isPairs: boolean): { items: Expression; isOfPairs: boolean } {
    const calls = tokens.dropItems()
    const reader = this.#expressions(tokens)
    const items = asValue(reader.iterated())
    reader.finish()
    return { items, isOfPairs: isPairs || calls }
  }

  #set(tokens: Tokens, mark: CodeMark, nodes: Node[]): void {
    const names = [tokens.name()]
    if (tokens.accepts('.')) {
      const to = `${names[0]}_${tokens.name()}`
      tokens.expect('=')
      this.#put(to, asValue(this.#whole(tokens)), nodes)
      return
    }
    while (tokens.accepts(',')) names.push(tokens.name())
    const [name = ''] = names
    if (!tokens.accepts('=')) {
      const body: Node[] = []
      this.#until(body, mark, 'endset')
      const to: Local = { hint: name, type: 'string' }
      nodes.push(...captured(body, to, (at) => this.#uncapturable(at, mark)))
      return this.#assign(name, { is: 'local', local: to }, nodes)
    }
    if (tokens.isWord('namespace')) return this.#namespace(name, tokens, nodes)
    const value = asValue(this.#whole(tokens))
    for (const each of names) this.#assign(each, value, nodes)
  }

  /** `namespace(a=1)` is a name for each of its members: nothing here forgets them at the end of a loop. */
  #namespace(name: string, tokens: Tokens, nodes: Node[]): void {
    tokens.take()
    tokens.expect('(')
    while (!tokens.accepts(')')) {
      const key = tokens.name()
      tokens.expect('=')
      const value = asValue(this.#expressions(tokens).expression())
      this.#put(`${name}_${key}`, value, nodes)
      if (!tokens.isSign(')')) tokens.expect(',')
    }
    this.#scope.root.namespaces.add(name)
    tokens.end()
  }

  /** Puts a value under a name of the whole text. */
  #put(to: string, value: Expression, nodes: Node[]): void {
    const { kinds } = this.#scope.root
    const kind = kindOf(value, kinds)
    kinds.set(to, kinds.has(to) && kinds.get(to) !== kind ? undefined : kind)
    nodes.push({ is: 'assign', to, value })
  }

  #assign(name: string, value: Expression, nodes: Node[]): void {
    const scope = this.#scope
    const isFlat =
      !scope.outer || (!this.#flavor.setsPerTurn && !scope.find(name) && scope.root.assigned.has(name))
    if (isFlat) {
      scope.root.assigned.add(name)
      return this.#put(name, value, nodes)
    }
    const known = scope.own(name)
    const outside =
      scope.find(name) ??
      (scope.root.assigned.has(name) ? { is: 'variable' as const, name, at: 0 } : undefined)
    const local = known?.is === 'local' ? known.local : scope.local(name)
    const isUnsure = scope.conditions > 0 || !this.#flavor.setsPerTurn
    // Where it is not set in this turn of the loop, it is what it was outside.
    if (!known && scope.loop && isUnsure && this.#flavor.setsPerTurn)
      scope.first.push({ is: 'assign', to: local, value: outside ?? { is: 'value', value: null } })
    nodes.push({ is: 'assign', to: local, value })
  }

  #with(tokens: Tokens, mark: CodeMark, nodes: Node[]): void {
    const outer = this.#scope
    const inner = new Scope(outer)
    while (tokens.next) {
      const name = tokens.name()
      tokens.expect('=')
      const value = asValue(this.#expressions(tokens).expression())
      nodes.push({ is: 'assign', to: inner.local(name), value })
      if (tokens.next) tokens.expect(',')
    }
    this.#scope = inner
    this.#until(nodes, mark, 'endwith')
    this.#scope = outer
  }

  #macro(tokens: Tokens, mark: CodeMark): void {
    this.#macros.define(tokens, this.#at)
    this.#skip('macro', mark)
  }

  /** Passes over a block without reading it. */
  #skip(word: string, mark: CodeMark): void {
    for (let open = 1; open > 0; this.#at++) {
      const next = this.#marks[this.#at]
      if (!next) return this.#reading.refuse(mark.at, `${this.#written(mark)} is not closed`)
      if (next.mark !== 'tag') continue
      const found = next.tokens[0]?.text
      open += found === word ? 1 : found === `end${word}` ? -1 : 0
    }
  }

  /** Writes the text of a macro where it is called. */
  #expand(name: string, mark: CodeMark, nodes: Node[]): void {
    const expansion = this.#macros.expand(name, mark, (tokens) => this.#expressions(tokens))
    if (!expansion) return
    const outer = this.#scope
    this.#scope = new Scope(outer.root)
    for (const [parameter, value] of expansion.values)
      nodes.push({ is: 'assign', to: this.#scope.local(parameter), value })
    const back = this.#at
    this.#at = expansion.from
    this.#until(nodes, mark, 'endmacro')
    this.#at = back
    this.#scope = outer
    this.#macros.leave()
  }

  #include(tokens: Tokens, mark: CodeMark, nodes: Node[]): void {
    const token = tokens.take()
    if (token.kind !== 'string') {
      return this.#reading.refuse(
        mark.at,
        'Which text is included is said by a value, which nothing can here: name it',
      )
    }
    const known = this.#reading.family?.find(token.text.slice(1, -1), mark.at)
    if (!known) return
    const args = known.variables.map(([from, to]): [string, Expression] => [
      to,
      this.#scope.find(from) ?? { is: 'variable', name: from, at: mark.at },
    ])
    nodes.push({ is: 'include', name: known.name, args })
  }

  #filterBlock(mark: CodeMark, nodes: Node[]): void {
    const body: Node[] = []
    const to: Local = { hint: 'filtered', type: 'string' }
    this.#until(body, mark, 'endfilter')
    nodes.push(...captured(body, to, (at) => this.#uncapturable(at, mark)))
    const scope = new Scope(this.#scope)
    scope.define('filtered', { is: 'local', local: to })
    const head = { kind: 'name' as const, text: 'filtered', at: mark.at }
    const tokens = new Tokens(
      [head, { kind: 'sign', text: '|', at: mark.at }, ...mark.tokens.slice(1)],
      mark.at,
    )
    const value = new ExpressionReader(tokens, scope, {
      reading: this.#reading,
      flavor: this.#flavor,
    }).expression()
    nodes.push({ is: 'output', value })
  }

  #uncapturable(what: string, mark: CodeMark): void {
    this.#reading.refuse(
      mark.at,
      `${this.#written(mark)} holds ${what}, which cannot be kept under a name here`,
    )
  }
}
