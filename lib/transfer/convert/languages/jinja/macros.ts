import type { Reading } from '../../reading.ts'
import { asValue, type Expression, value } from '../../tree.ts'
import type { ExpressionReader } from './expressions.ts'
import type { CodeMark, Token } from './scan.ts'
import { Tokens, unreadable } from './tokens.ts'

interface Macro {
  parameters: { name: string; other: Token[] }[]
  /** The mark behind the one that opens it. */
  from: number
}

/** A macro is written out where it is called; more calls than this would make too long a text. */
const MOST_CALLS = 50
const MOST_DEPTH = 5

/** The macros of one text. */
export class Macros {
  readonly #reading: Reading
  readonly #known = new Map<string, Macro>()
  #calls = 0
  #depth = 0

  constructor(reading: Reading) {
    this.#reading = reading
  }

  /** Notes a macro by its head. @param from the place of its body */
  define(tokens: Tokens, from: number): void {
    const name = tokens.name()
    const parameters: Macro['parameters'] = []
    tokens.expect('(')
    while (!tokens.accepts(')')) {
      const parameter = { name: tokens.name(), other: [] as Token[] }
      parameters.push(parameter)
      if (tokens.accepts('=')) {
        let open = 0
        while (tokens.next && (open > 0 || !tokens.isSign(',', ')'))) {
          const token = tokens.take()
          open +=
            token.kind !== 'sign' ? 0 : '([{'.includes(token.text) ? 1 : ')]}'.includes(token.text) ? -1 : 0
          parameter.other.push(token)
        }
      }
      if (!tokens.isSign(')')) tokens.expect(',')
    }
    this.#known.set(name, { parameters, from })
  }

  /** The macro that an output consists of. */
  callIn({ tokens }: CodeMark): { name: string } | undefined {
    const [first, second] = tokens
    if (first?.kind !== 'name' || second?.text !== '(' || !this.#known.has(first.text)) return undefined
    return { name: first.text }
  }

  /** The values of its parameters for one call; every `expand` that gives them is ended by `leave`. */
  expand(
    name: string,
    mark: CodeMark,
    reader: (tokens: Tokens) => ExpressionReader,
  ): { values: [string, Expression][]; from: number } | undefined {
    const macro = this.#known.get(name)
    if (!macro || ++this.#calls > MOST_CALLS || this.#depth >= MOST_DEPTH) {
      this.#reading.refuse(
        mark.at,
        `The macro "${name}" is called too often to be written out: make it a prompt of its own`,
      )
      return undefined
    }
    try {
      const tokens = new Tokens(mark.tokens.slice(2), mark.at)
      const { args, named } = this.#arguments(tokens, reader)
      tokens.end()
      const values = macro.parameters.map(({ name: parameter, other }, index): [string, Expression] => {
        const given = args[index] ?? named.get(parameter)
        const fallback = () =>
          other.length > 0 ? asValue(reader(new Tokens(other, mark.at)).expression()) : value('')
        return [parameter, given ?? fallback()]
      })
      this.#depth++
      return { values, from: macro.from }
    } catch {
      this.#reading.refuse(
        mark.at,
        `What the macro "${name}" gives cannot be used further here: call it by itself`,
      )
      return undefined
    }
  }

  leave(): void {
    this.#depth--
  }

  #arguments(tokens: Tokens, reader: (tokens: Tokens) => ExpressionReader) {
    const args: Expression[] = []
    const named = new Map<string, Expression>()
    while (!tokens.accepts(')')) {
      if (tokens.next?.kind === 'name' && tokens.second?.text === '=') {
        const name = tokens.name()
        tokens.expect('=')
        named.set(name, asValue(reader(tokens).expression()))
      } else args.push(asValue(reader(tokens).expression()))
      if (!tokens.isSign(')', ',')) throw unreadable()
      tokens.accepts(',')
    }
    return { args, named }
  }
}
