import type { Reading } from '../../reading.ts'
import {
  addText,
  asValue,
  type Expression,
  type Loop,
  member,
  type Node,
  newLoop,
  type Tree,
  value,
} from '../../tree.ts'
import { CalledResults } from '../called-results.ts'
import { HELPERS } from './helper-meanings.ts'
import { parseHandlebars } from './parse.ts'
import { itemOf, ROOT, resolve, type Scope } from './scope.ts'
import { namesWithin, partsNote, sectionKind } from './section.ts'
import type { Argument, Block, Call, Partial, Path, Program, Statement } from './syntax.ts'

/** A language on top of Handlebars: what an output says that is none of Handlebars' own. */
export type Extension = (
  call: Call,
  name: string,
  read: (argument: Argument) => Expression | undefined,
) => Node[] | undefined

/** Reads a template of Handlebars. HTML is not escaped: prompts are no pages. */
export function readHandlebars(reading: Reading, extension: Extension = () => undefined): Tree {
  const program = parseHandlebars(reading.text, reading)
  return { nodes: new HandlebarsReader(reading, extension).program(program, ROOT), truth: 'mustache' }
}

/** Helpers that write nothing: they keep what later helpers read. */
const WITHOUT_RESULT: ReadonlySet<string> = new Set(['set', 'setVar', 'assign', 'let', 'var', 'var_set'])

/** Names behind `@` that the engine itself has. */
const OF_ENGINE: ReadonlySet<string> = new Set(['index', 'key', 'first', 'last', 'root', 'level', 'metadata'])

/** Inline partials may include each other, and each is written where it is included. */
const MOST_EXPANSIONS = 50

class HandlebarsReader {
  readonly #reading: Reading
  readonly #extension: Extension
  readonly #inline = new Map<string, Program>()
  readonly #results: CalledResults
  #expansions = 0

  constructor(reading: Reading, extension: Extension) {
    this.#reading = reading
    this.#results = new CalledResults(reading)
    this.#extension = extension
  }

  program(program: Program | undefined, scope: Scope): Node[] {
    const nodes: Node[] = []
    for (const statement of program?.body ?? []) {
      for (const node of this.#statement(statement, scope)) {
        if (node.is === 'text') addText(nodes, node.text)
        else nodes.push(node)
      }
    }
    return nodes
  }

  #statement(statement: Statement, scope: Scope): Node[] {
    switch (statement.type) {
      case 'content':
        return [{ is: 'text', text: statement.value }]
      case 'comment':
        return [{ is: 'comment', text: statement.text }]
      case 'output':
        return this.#output(statement.call, scope)
      case 'partial':
        return this.#partial(statement, scope)
      case 'block':
        return this.#block(statement, scope)
    }
  }

  #output(call: Call, scope: Scope): Node[] {
    const name = nameOf(call.callee)
    if (name === 'log' && call.args.length > 0) return []
    const special =
      name === undefined ? undefined : this.#extension(call, name, (each) => this.#argument(each, scope))
    if (special) return special
    const read = this.#argument(call, scope)
    return read ? [{ is: 'output', value: asValue(read) }] : []
  }

  #argument(argument: Argument, scope: Scope): Expression | undefined {
    if (argument.type === 'literal') return value(argument.value)
    if (argument.type === 'path') return this.#path(argument, scope)
    if (argument.args.length === 0 && argument.hash.length === 0 && !isCall(argument))
      return this.#argument(argument.callee, scope)
    return this.#helper(argument, scope)
  }

  #path(path: Path, scope: Scope): Expression | undefined {
    const found = resolve(path, scope) ?? this.#context(path)
    if (!found)
      this.#reading.refuse(path.at, `${written(path)} has no name here: write the variable that is meant`)
    return found
  }

  /** `{{@state.step}}`: what a program passes beside the values of a text. */
  #context(path: Path): Expression | undefined {
    const [first = '', ...rest] = path.parts
    if (!path.isData || path.up > 0 || OF_ENGINE.has(first)) return undefined
    this.#reading.note(
      path.at,
      `${written(path)} is what the program passes beside the values; here it is the variable "${first}"`,
    )
    return rest.reduce<Expression>((of, part) => member(of, part), {
      is: 'variable',
      name: first,
      at: path.at,
    })
  }

  #helper(call: Call, scope: Scope): Expression | undefined {
    const name = nameOf(call.callee) ?? ''
    const args = call.args.map((arg) => this.#argument(arg, scope))
    const hash = call.hash.map(([key, arg]): [string, Expression | undefined] => [
      key,
      this.#argument(arg, scope),
    ])
    if (args.includes(undefined) || hash.some(([, arg]) => !arg)) return undefined
    const given = args as Expression[]
    if (name === 'lookup' && given[0] && given[1]) return { is: 'member', of: given[0], key: given[1] }
    const found = HELPERS.get(name)?.(given, new Map(hash as [string, Expression][]))
    if (found) return found
    if (WITHOUT_RESULT.has(name)) {
      this.#reading.refuse(call.at, `The helper "${name}" keeps a value, which is written with assign here`)
      return undefined
    }
    const all = [...call.args, ...call.hash.map(([, arg]) => arg)]
    if (all.every((arg, index) => isSame(arg, [...given, ...hash.map(([, of]) => of)][index])))
      return this.#results.of(callText(name, call), name, all.map(argumentText), call.at)
    const hint = 'let the caller pass its result as a variable'
    this.#reading.refuse(call.at, `The helper "${name}" is not known here: ${hint}`)
    return undefined
  }

  #block(block: Block, scope: Scope): Node[] {
    const name = nameOf(block.call.callee) ?? ''
    if (block.isDecorator) return this.#inlinePartial(block)
    if (block.call.args.length === 0 && !['if', 'unless', 'each', 'with'].includes(name))
      return this.#section(block, scope)
    if (name === 'each') return this.#each(block, scope)
    if (name === 'with') return this.#with(block, scope)
    const test =
      name === 'if' || name === 'unless' ? this.#condition(block, scope) : this.#helperBlock(block, scope)
    if (!test) return []
    const then = this.program(block.program, scope)
    const otherwise = this.program(block.inverse, scope)
    return [choice(name === 'unless' ? { is: 'not', of: test } : test, then, otherwise)]
  }

  /** `{{#eq a b}}` */
  #helperBlock(block: Block, scope: Scope): Expression | undefined {
    const name = nameOf(block.call.callee) ?? ''
    const isKnown = HELPERS.has(name)
    const test = isKnown ? this.#helper(block.call, scope) : undefined
    if (test && isTest(test)) return test
    if (!isKnown) {
      this.#reading.refuse(
        block.call.at,
        `The block "${name}" is not known here: what it does must be written with {% if %} or {% for %}`,
      )
    }
    return test
  }

  #condition({ call }: Block, scope: Scope): Expression | undefined {
    const [of] = call.args
    const test = of && this.#argument(of, scope)
    const hasZero = call.hash.some(
      ([name, arg]) => name === 'includeZero' && arg.type === 'literal' && arg.value === true,
    )
    if (!test || !hasZero) return test
    return { is: 'or', items: [{ is: 'compare', operator: '==', left: test, right: value(0) }, test] }
  }

  #each(block: Block, scope: Scope): Node[] {
    const [over] = block.call.args
    const items = over && this.#argument(over, scope)
    if (!items) return []
    const hint = block.names[0] ?? singular(over)
    const keyName = block.names[1]
    const isKeyNamed = keyName !== undefined && /^(?:k|key|name|id|prop|field)/i.test(keyName)
    return [this.#loop(block, scope, items, newLoop(hint, isKeyNamed || readsKey(block.program)))]
  }

  #loop(block: Block, scope: Scope, items: Expression, loop: Loop): Node {
    const self = itemOf(loop)
    const [itemName, keyName] = block.names
    const names = new Map<string, Expression>()
    if (itemName) names.set(itemName, self)
    if (keyName) {
      const item: Expression = { is: 'local', local: loop.item }
      names.set(keyName, loop.isPairs ? member(item, 0) : { is: 'loop', loop, field: 'index0' })
    }
    return {
      is: 'for',
      loop,
      items,
      body: this.program(block.program, { self, loop, names, outer: scope }),
      otherwise: this.program(block.inverse, scope),
    }
  }

  #with(block: Block, scope: Scope): Node[] {
    const [of] = block.call.args
    const self = of && this.#argument(of, scope)
    if (!self) return []
    const [name] = block.names
    const names = new Map(name ? [[name, self]] : [])
    const body = this.program(block.program, { self, loop: undefined, names, outer: scope })
    return [
      { is: 'evidence', of: self, type: 'object' },
      choice(self, body, this.program(block.inverse, scope)),
    ]
  }

  /** `{{#x}}` is a condition, a loop or a change of scope, by what x is. */
  #section(block: Block, scope: Scope): Node[] {
    const self = this.#argument(block.call.callee, scope)
    if (!self) return []
    const kind = sectionKind(block, this.#reading)
    const otherwise = this.program(block.inverse, scope)
    if (kind === 'list') {
      const loop = newLoop(singular(block.call.callee))
      return [this.#loop(block, scope, self, loop)]
    }
    const name = nameOf(block.call.callee)
    if (kind === 'object' && name !== undefined && this.#reading.options.types?.get(name) !== 'object')
      this.#reading.note(block.call.at, partsNote(name, namesWithin(block)))
    const inner = kind === 'object' ? { self, loop: undefined, names: new Map(), outer: scope } : scope
    const evidence: Node[] = kind === 'object' ? [{ is: 'evidence', of: self, type: 'object' }] : []
    return [...evidence, choice(self, this.program(block.program, inner), otherwise)]
  }

  #inlinePartial({ call, program }: Block): Node[] {
    const [name] = call.args
    if (nameOf(call.callee) === 'inline' && name?.type === 'literal' && program)
      this.#inline.set(String(name.value), program)
    else this.#reading.refuse(call.at, 'A decorator changes the engine, which nothing can here: leave it out')
    return []
  }

  #partial({ call, indent }: Partial, scope: Scope): Node[] {
    const name = call.callee.type === 'literal' ? String(call.callee.value) : nameOf(call.callee, '/')
    if (name === undefined) {
      this.#reading.refuse(
        call.at,
        'Which text is included is said by a value, which nothing can here: name it',
      )
      return []
    }
    const [context] = call.args
    const self = context ? this.#argument(context, scope) : scope.self
    const passed = new Map(call.hash.map(([key, arg]) => [key, this.#argument(arg, scope)]))
    const inner: Scope = context ? { self, loop: undefined, names: new Map(), outer: scope } : scope
    const inline = this.#inline.get(name)
    if (inline && ++this.#expansions <= MOST_EXPANSIONS) {
      const names = new Map([...passed].filter((each): each is [string, Expression] => each[1] !== undefined))
      return this.program(inline, { ...inner, names })
    }
    const known = this.#reading.family?.find(name, call.at)
    if (!known) return []
    if (indent !== '' && known.hasLines)
      this.#reading.note(
        call.at,
        `The lines of "${name}" are indented by Handlebars; here its first one is alone`,
      )
    const args = known.variables.map(([from, to]): [string, Expression] => {
      const path: Path = { type: 'path', up: 0, isData: false, isThis: false, parts: [from], at: call.at }
      return [to, passed.get(from) ?? resolve(path, inner) ?? value(null)]
    })
    return [
      { is: 'text', text: indent },
      { is: 'include', name: known.name, args },
    ]
  }
}

function choice(test: Expression, body: Node[], otherwise: Node[]): Node {
  if (body.length === 0 && otherwise.length > 0)
    return { is: 'if', branches: [{ test: { is: 'not', of: test }, body: otherwise }], otherwise: [] }
  const [only] = otherwise
  if (otherwise.length === 1 && only?.is === 'if' && body.length > 0)
    return { is: 'if', branches: [{ test, body }, ...only.branches], otherwise: only.otherwise }
  return { is: 'if', branches: [{ test, body }], otherwise }
}

function isTest({ is }: Expression): boolean {
  return is === 'compare' || is === 'and' || is === 'or' || is === 'not'
}

/** Whether an argument means the same wherever it stands: a text, or a value of the whole prompt. */
function isSame(argument: Argument, read: Expression | undefined): boolean {
  if (argument.type === 'literal') return true
  return argument.type === 'path' && isOfPrompt(read)
}

function isOfPrompt(read: Expression | undefined): boolean {
  if (read?.is === 'member') return read.key.is === 'value' && isOfPrompt(read.of)
  return read?.is === 'variable'
}

function argumentText(argument: Argument): string {
  if (argument.type === 'literal') return JSON.stringify(argument.value)
  return argument.type === 'path' ? argument.parts.join('.') : ''
}

function callText(name: string, { args, hash }: Call): string {
  const named = hash.map(([key, arg]) => `${key}=${argumentText(arg)}`)
  return [name, ...args.map(argumentText), ...named].join(' ')
}

function isCall(call: Call): boolean {
  const name = nameOf(call.callee)
  return call.callee.type === 'call' || (name !== undefined && name.includes('(') && HELPERS.has(name))
}

/** The name of a helper or partial; undefined for a path that is none. */
function nameOf(callee: Argument, joint = '.'): string | undefined {
  if (callee.type !== 'path' || callee.isData || callee.isThis || callee.up > 0) return undefined
  return callee.parts.join(joint)
}

function written(path: Path): string {
  const parts = [...Array(path.up).fill('..'), ...(path.isThis ? ['this'] : []), ...path.parts]
  return `{{${path.isData ? '@' : ''}${parts.join('/') || 'this'}}}`
}

/** What one of a list is called. */
function singular(of: Argument): string {
  const name = of.type === 'path' ? (of.parts.at(-1) ?? 'item') : 'item'
  if (/(?:ies)$/i.test(name)) return `${name.slice(0, -3)}y`
  return /[^s]s$/i.test(name) ? name.slice(0, -1) : 'item'
}

/** Whether a loop asks for keys, which only the members of an object have. */
function readsKey(program: Program | undefined): boolean {
  return (program?.body ?? []).some((statement) => {
    if (statement.type === 'output' || statement.type === 'partial') return asksKey(statement.call)
    if (statement.type !== 'block') return false
    if (asksKey(statement.call)) return true
    const isLoop = nameOf(statement.call.callee) === 'each'
    return !isLoop && (readsKey(statement.program) || readsKey(statement.inverse))
  })
}

function asksKey(call: Call): boolean {
  return [call.callee, ...call.args, ...call.hash.map(([, arg]) => arg)].some((each) => {
    if (each.type === 'call') return asksKey(each)
    return each.type === 'path' && each.isData && each.up === 0 && each.parts[0] === 'key'
  })
}
