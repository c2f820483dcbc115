import { MOST_LEVELS, type Reading } from '../reading.ts'
import { addText, type Expression, member, type Node, newLoop, type Tree, value } from '../tree.ts'
import { kindByNames, partsNote, type SectionKind } from './handlebars/section.ts'
import { type MustacheMark, scanMustache } from './mustache-scan.ts'

/** Reads a template of Mustache. HTML is not escaped: prompts are no pages. */
export function readMustache(reading: Reading): Tree {
  const marks = scanMustache(reading.text, (at) => {
    const seen = reading.text.slice(at, at + 40).split('\n')[0]
    reading.note(at, `${seen} is no name of a variable and is kept as it is`)
  })
  const root = new Parser(reading).run(marks)
  const reader = new MustacheReader(reading, root)
  return {
    nodes: reader.nodes(root.children, [{ self: undefined, names: new Set(), isPlain: false }]),
    truth: 'mustache',
  }
}

interface Section {
  mark: MustacheMark
  children: (MustacheMark | Section)[]
}

/** Puts the marks between a section's ends into it. */
class Parser {
  readonly #reading: Reading

  constructor(reading: Reading) {
    this.#reading = reading
  }

  run(marks: readonly MustacheMark[]): Section {
    const root: Section = { mark: { kind: 'text', text: '', name: '', at: 0 }, children: [] }
    const open = [root]
    for (const mark of marks) {
      const top = open.at(-1) as Section
      if (mark.kind === 'section' || mark.kind === 'inverted') {
        const section: Section = { mark, children: [] }
        top.children.push(section)
        if (open.length <= MOST_LEVELS) open.push(section)
        else this.#reading.refuse(mark.at, `Sections are nested deeper than ${MOST_LEVELS} levels`)
      } else if (mark.kind !== 'close') top.children.push(mark)
      else if (top !== root && top.mark.name === mark.name) open.pop()
      else
        this.#reading.refuse(
          mark.at,
          `{{/${mark.name}}} closes nothing: ${top === root ? 'nothing' : top.mark.name} is open`,
        )
    }
    const left = open.at(-1)
    if (left && left !== root) this.#reading.refuse(left.mark.at, `{{#${left.mark.name}}} is not closed`)
    return root
  }
}

/** What names are looked up in, from the inside out; the root has no value of its own. */
interface Context {
  self: Expression | undefined
  /** Members that the section itself reads. */
  names: ReadonlySet<string>
  /** Its items are texts: they have no members. */
  isPlain: boolean
}

class MustacheReader {
  readonly #reading: Reading
  /** Names that the text reads where no section is around them. */
  readonly #rootNames = new Set<string>()
  #levels = 0

  constructor(reading: Reading, root: Section) {
    this.#reading = reading
    for (const child of root.children) this.#noteRoot(child)
    for (const name of reading.options.types?.keys() ?? []) this.#rootNames.add(name)
  }

  /** What is a condition changes no context, so what it reads is the root's. */
  #noteRoot(child: MustacheMark | Section): void {
    const mark = 'mark' in child ? child.mark : child
    if (mark.name !== '' && mark.kind !== 'partial') this.#rootNames.add(first(mark.name))
    if (!('mark' in child)) return
    const isCondition = child.mark.kind === 'inverted' || child.children.flatMap(namesOf).includes(mark.name)
    if (isCondition) for (const each of child.children) this.#noteRoot(each)
  }

  nodes(children: readonly (MustacheMark | Section)[], contexts: readonly Context[]): Node[] {
    const nodes: Node[] = []
    if (++this.#levels <= MOST_LEVELS) {
      for (const child of children) {
        const made = 'mark' in child ? this.#section(child, contexts) : this.#mark(child, contexts)
        for (const node of made) {
          if (node.is === 'text') addText(nodes, node.text)
          else nodes.push(node)
        }
      }
    }
    this.#levels--
    return nodes
  }

  #mark(mark: MustacheMark, contexts: readonly Context[]): Node[] {
    if (mark.kind === 'text') return [{ is: 'text', text: mark.text }]
    if (mark.kind === 'comment') return [{ is: 'comment', text: mark.text }]
    if (mark.kind === 'partial') return this.#partial(mark, contexts)
    const read = this.#find(mark.name, mark.at, contexts)
    if (read) return [{ is: 'output', value: read }]
    this.#reading.refuse(mark.at, '{{.}} has no name here: write the variable that is meant')
    return []
  }

  #section({ mark, children }: Section, contexts: readonly Context[]): Node[] {
    const self = this.#find(mark.name, mark.at, contexts)
    if (!self) return this.nodes(children, contexts)
    if (mark.kind === 'inverted') {
      const test: Expression = { is: 'not', of: self }
      return [{ is: 'if', branches: [{ test, body: this.nodes(children, contexts) }], otherwise: [] }]
    }
    const names = new Set(children.flatMap(namesOf))
    const kind = this.#kind(mark.name, names)
    if (kind === 'condition')
      return [{ is: 'if', branches: [{ test: self, body: this.nodes(children, contexts) }], otherwise: [] }]
    const own = new Set([...names].filter((name) => name !== '.'))
    if (kind === 'list') {
      const loop = newLoop(singular(mark.name))
      const item: Expression = { is: 'local', local: loop.item }
      const inner: Context = { self: item, names: own, isPlain: names.has('.') }
      const body = this.nodes(children, [inner, ...contexts])
      return [{ is: 'for', loop, items: self, body, otherwise: [] }]
    }
    if (this.#reading.options.types?.get(mark.name) !== 'object')
      this.#reading.note(mark.at, partsNote(mark.name, [...own]))
    const body = this.nodes(children, [{ self, names: own, isPlain: false }, ...contexts])
    return [
      { is: 'evidence', of: self, type: 'object' },
      { is: 'if', branches: [{ test: self, body }], otherwise: [] },
    ]
  }

  /** What a section seems to be: its value decides that while it is rendered. */
  #kind(name: string, names: ReadonlySet<string>): SectionKind {
    const known = this.#reading.options.types?.get(name)
    if (known === 'array') return 'list'
    if (known === 'object') return 'object'
    if (known !== undefined && known !== 'unknown') return 'condition'
    if (names.has('.')) return 'list'
    const others = [...names].filter((each) => each === name || !this.#rootNames.has(each))
    return kindByNames(name, new Set(others))
  }

  /** A name is looked up from the inside out; where two places may have it, both are asked. */
  #find(name: string, at: number, contexts: readonly Context[]): Expression | undefined {
    if (name === '.') return contexts[0]?.self
    const [head = '', ...rest] = name.split('.')
    const members = (of: Expression) =>
      rest.reduce((found, part) => member(found, part === 'length' ? 'size' : part), of)
    const places = contexts.filter(({ self, isPlain, names }) => self && !isPlain && names.has(head))
    const root: Expression = { is: 'variable', name: head, at }
    const inner = places.flatMap(({ self }) => (self ? [member(self, head)] : []))
    const all = this.#rootNames.has(head) || inner.length === 0 ? [...inner, root] : inner
    const last = all.pop() as Expression
    return all.reduceRight<Expression>(
      (otherwise, of) => ({ is: 'choose', test: { is: 'given', of }, held: members(of), otherwise }),
      members(last),
    )
  }

  #partial({ name, at, text: indent }: MustacheMark, contexts: readonly Context[]): Node[] {
    const known = this.#reading.family?.find(name, at)
    if (!known) return []
    if (indent !== '' && known.hasLines)
      this.#reading.note(at, `The lines of "${name}" are indented by Mustache; here its first one is alone`)
    const inner = contexts.map(
      (context): Context => ({
        ...context,
        names: new Set([...context.names, ...known.variables.map(([from]) => from)]),
      }),
    )
    const args = known.variables.map(([from, to]): [string, Expression] => [
      to,
      this.#find(from, at, inner) ?? value(null),
    ])
    return [
      { is: 'text', text: indent },
      { is: 'include', name: known.name, args },
    ]
  }
}

function first(name: string): string {
  return name === '.' ? '' : (name.split('.')[0] ?? '')
}

/** Names that a part of a section reads, without those within other sections. */
function namesOf(child: MustacheMark | Section): string[] {
  const mark = 'mark' in child ? child.mark : child
  if (mark.kind === 'text' || mark.kind === 'comment' || mark.kind === 'partial') return []
  const own = mark.name === '.' ? '.' : first(mark.name)
  return 'mark' in child && child.mark.kind === 'inverted' ? [own, ...child.children.flatMap(namesOf)] : [own]
}

/** What one of a list is called. */
function singular(name: string): string {
  const last = name.split('.').at(-1) ?? 'item'
  return /[^s]s$/i.test(last) ? last.slice(0, -1) : 'item'
}
