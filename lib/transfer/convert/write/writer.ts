import type { Expression, ForNode, IfNode, Local, Loop, Node, Truth } from '../tree.ts'
import { Expressions } from './expressions.ts'
import type { Use } from './infer.ts'
import { onLines } from './lines.ts'
import { literalText } from './literal.ts'
import type { Names } from './names.ts'

/** What all texts of one prompt have in common. */
export interface WriterContext {
  truth: Truth
  names: Names
  uses: ReadonlyMap<string, Use>
  /** Variables that have a value even where none is given. */
  defaults: ReadonlyMap<string, unknown>
}

/** Writes a tree as Liquid. */
export class Writer {
  readonly #out: string[] = []
  readonly #names: Names
  readonly #locals = new Map<Local, string>()
  readonly #loops: Loop[] = []
  /** Names of items whose loops are over, by what they were called first. */
  readonly #free = new Map<string, string[]>()
  readonly #expressions: Expressions
  /** Text that was met and is not written, because what follows decides how. */
  #waiting = ''

  constructor({ truth, names, uses, defaults }: WriterContext) {
    this.#names = names
    this.#expressions = new Expressions({
      truth,
      names,
      uses,
      defaults,
      before: (tag) => this.#mark(tag),
      nameOf: (local) => this.#nameOf(local),
      isInnermost: ({ loop }) => this.#loops.at(-1) === loop,
    })
  }

  write(nodes: readonly Node[]): string {
    this.#nodes(onLines(nodes))
    this.#out.push(literalText(this.#waiting, false))
    return this.#out.join('')
  }

  #mark(written: string): void {
    this.#out.push(literalText(this.#waiting, true), written)
    this.#waiting = ''
  }

  /** @param hasLine it begins a line, whose break the dash drops */
  #tag(inside: string, hasLine: boolean): void {
    if (hasLine) this.#waiting += '\n'
    this.#mark(hasLine ? `{%- ${inside} %}` : `{% ${inside} %}`)
  }

  #nodes(nodes: readonly Node[]): void {
    for (const node of nodes) this.#node(node)
  }

  #node(node: Node): void {
    switch (node.is) {
      case 'text':
        this.#waiting += node.text
        return
      case 'output':
        return this.#output(node.value)
      case 'if':
        return this.#if(node)
      case 'for':
        return this.#for(node)
      case 'assign':
        return this.#assign(node.to, node.value)
      case 'include': {
        const args = node.args.map(([name, value]) => `, ${name}: ${this.#expressions.operand(value)}`)
        return this.#mark(`{% render "${node.name}"${args.join('')} %}`)
      }
      case 'comment':
        if (!/\{%-?\s*endcomment/.test(node.text)) this.#mark(`{% comment %}${node.text}{% endcomment %}`)
        return
      default:
    }
  }

  #assign(to: Local | string, value: Expression): void {
    const written = this.#expressions.chain(value)
    this.#mark(`{% assign ${typeof to === 'string' ? this.#names.of(to) : this.#nameOf(to)} = ${written} %}`)
  }

  #output(value: Expression): void {
    if (value.is === 'value') {
      if (value.value !== null) this.#waiting += String(value.value)
      return
    }
    const short = this.#expressions.isShared(value) ? undefined : this.#expressions.shortened(value)
    if (short !== undefined) return this.#mark(`{{ ${short} }}`)
    if (value.is !== 'choose' || this.#expressions.isShared(value))
      return this.#mark(`{{ ${this.#expressions.shown(value)} }}`)
    this.#expressions.share(value)
    const body: Node[] = [{ is: 'output', value: value.held }]
    this.#if({
      is: 'if',
      branches: [{ test: value.test, body }],
      otherwise: isNothing(value.otherwise) ? [] : [{ is: 'output', value: value.otherwise }],
    })
  }

  #if({ branches, otherwise, hasLines = false }: IfNode): void {
    const [first] = branches
    const isUnless = branches.length === 1 && first?.test.is === 'not' && isSimple(first.test.of)
    const tests = branches.map(({ test }) =>
      isUnless && test.is === 'not' ? this.#expressions.test(test.of) : this.#expressions.test(test),
    )
    const name = isUnless ? 'unless' : 'if'
    for (const [index, { body }] of branches.entries()) {
      this.#tag(`${index === 0 ? name : 'elsif'} ${tests[index]}`, hasLines)
      this.#nodes(body)
    }
    if (otherwise.length > 0) {
      this.#tag('else', hasLines)
      this.#nodes(otherwise)
    }
    this.#tag(`end${name}`, hasLines)
  }

  #for({ loop, items, body, otherwise, hasLines = false }: ForNode): void {
    const over = this.#expressions.operand(items)
    this.#nameItem(loop)
    this.#tag(`for ${this.#nameOf(loop.item)} in ${over}`, hasLines)
    this.#loops.push(loop)
    for (const [field, local] of loop.readInside) {
      this.#mark(`{% assign ${this.#nameOf(local)} = forloop.${field} %}`)
    }
    this.#nodes(body)
    this.#loops.pop()
    const free = this.#free.get(loop.item.hint) ?? []
    this.#free.set(loop.item.hint, free)
    free.push(this.#nameOf(loop.item))
    if (otherwise.length > 0) {
      this.#tag('else', hasLines)
      this.#nodes(otherwise)
    }
    this.#tag('endfor', hasLines)
  }

  /** Loops that stand one behind the other may call their items alike. */
  #nameItem({ item }: Loop): void {
    const name = this.#free.get(item.hint)?.pop()
    if (name !== undefined) this.#locals.set(item, name)
  }

  #nameOf(local: Local): string {
    let name = this.#locals.get(local)
    if (name === undefined) {
      name = this.#names.fresh(local.hint)
      this.#locals.set(local, name)
    }
    return name
  }
}

/** What `unless` shows better than a negation within the condition. */
function isSimple(expression: Expression): boolean {
  return (
    expression.is !== 'compare' &&
    expression.is !== 'given' &&
    expression.is !== 'and' &&
    expression.is !== 'or'
  )
}

function isNothing(expression: Expression): boolean {
  return expression.is === 'value' && (expression.value === '' || expression.value === null)
}
