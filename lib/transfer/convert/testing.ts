import { deepEqual } from 'node:assert/strict'
import fc from 'fast-check'
import type { IncludedPrompt } from '#lib/liquid/types.ts'
import { compilePrompt, renderPrompt } from '#lib/prompts/template.ts'
import { declareVariables } from '#lib/prompts/variables/variables.ts'
import { type ConvertedText, convert, type SourceLanguage } from './convert.ts'
import type { ConvertOptions } from './reading.ts'

/* Shorthands of the tests beside this file. */

export type Values = Record<string, unknown>

/** Converts what must come out as one text. */
export function converted(
  text: string,
  language: SourceLanguage,
  partials: ReadonlyMap<string, string> = new Map(),
  options: ConvertOptions = {},
): ConvertedText {
  const found = convert(text, language, partials, options)
  if (!('text' in found)) throw new Error(`${JSON.stringify(text)}: ${JSON.stringify(found)}`)
  return found
}

/** Renders a converted text as the product does. */
export function rendered(
  { text, format, variables }: ConvertedText,
  values: Values,
  includes: ReadonlyMap<string, IncludedPrompt> = new Map(),
): string {
  const content = { kind: 'text' as const, template_content: text, ...(format === 'text' ? { format } : {}) }
  const compiled = compilePrompt({ content, variables: declareVariables(variables), includes })
  return renderPrompt(compiled, values).content
}

/** What the names of the grammars hold: a text is as long as a list is, so that empty ones are frequent. */
interface World {
  texts: readonly string[]
  flags: readonly string[]
  numbers: readonly string[]
  lists: readonly string[]
  records: readonly string[]
  objects: readonly string[]
}
export const WORLD: World = {
  texts: ['name', 'topic', 'user-name'],
  flags: ['flag', 'is_open'],
  numbers: ['count', 'limit'],
  lists: ['tags', 'words'],
  records: ['items', 'people'],
  objects: ['user', 'order'],
}

const text = fc.oneof(
  fc.constantFrom('', 'a', 'Ada', 'two words', 'line\nbreak', '  ', '<b>&"', '{{ x }}', '😀', '0'),
  fc.string({ maxLength: 4 }),
)
const number = fc.constantFrom(0, 1, 7, 12, 2.5, 1000)
const member = fc.record(
  { title: text, size_of: number, done: fc.boolean(), tags: fc.array(text, { maxLength: 2 }) },
  { noNullPrototype: true },
)

/** Values for every name of the world. */
export const worldValues: fc.Arbitrary<Values> = fc.record(
  {
    ...entries(WORLD.texts, text),
    ...entries(WORLD.flags, fc.boolean()),
    ...entries(WORLD.numbers, number),
    ...entries(WORLD.lists, fc.array(text, { maxLength: 3 })),
    ...entries(WORLD.records, fc.array(member, { maxLength: 3 })),
    ...entries(WORLD.objects, member),
  },
  { noNullPrototype: true },
)

function entries<T>(names: readonly string[], of: T): Record<string, T> {
  return Object.fromEntries(names.map((name) => [name, of]))
}

/** Names in both worlds: a variable whose name could not stay. */
const RENAMED: Readonly<Record<string, string>> = { user_name: 'user-name' }

/**
 * Gives each variable a value that its type takes, the same for both engines: what is only asked for is a
 * boolean, and what is optional is sometimes left out.
 */
function bothValues(
  { variables }: ConvertedText,
  values: Values,
  leftOut: ReadonlySet<string>,
): { here: Values; there: Values } {
  const here: Values = {}
  const there: Values = {}
  for (const { name, type, required } of variables) {
    const source = RENAMED[name] ?? name
    if (!required && leftOut.has(source)) {
      continue
    }
    there[source] = fitted(values[source], type ?? 'string')
    here[name] = there[source]
  }
  return { here, there }
}

function fitted(given: unknown, type: string): unknown {
  if (type === 'boolean') return typeof given === 'boolean' ? given : String(given).length % 2 === 0
  if (type === 'number') return typeof given === 'number' ? given : String(given).length
  if (type === 'array') return Array.isArray(given) ? given : []
  if (type === 'object') return typeof given === 'object' && !Array.isArray(given) ? given : {}
  return typeof given === 'string' ? given : JSON.stringify(given)
}

/** How a run of random templates went. */
export class Tally {
  same = 0
  refused = 0
  strict = 0

  toString(): string {
    return `${this.same} the same, ${this.refused} refused, ${this.strict} without a value`
  }
}

/** Renders a template with its own engine and, converted, with ours: the results must be the same. */
export function expectSame(
  template: string,
  language: SourceLanguage,
  values: Values,
  leftOut: readonly string[],
  render: (template: string, values: Values) => string,
  tally: Tally,
): void {
  const found = convert(template, language)
  if (!('text' in found)) {
    tally.refused++
    return
  }
  const { here, there } = bothValues(found, values, new Set(leftOut))
  let wanted: string
  try {
    wanted = render(template, there)
  } catch {
    tally.refused++
    return
  }
  // JavaScript writes a name that has no value into a text as `undefined`, which nobody means.
  if (/undefined|NaN/.test(wanted)) {
    tally.strict++
    return
  }
  const got = outcome(() => rendered(found, here))
  // A member that is not there is an error here, so that a typing mistake is not sent.
  if (/^Error: .* is not defined/.test(got)) {
    tally.strict++
    return
  }
  deepEqual({ got, made: found.text, here }, { got: wanted, made: found.text, here })
  tally.same++
}

function outcome(run: () => string): string {
  try {
    return run()
  } catch (error) {
    return `Error: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Names that get no value where they need none. The others do: who counts or calculates with nothing gets another nothing. */
export const leftOutNames = fc.subarray([WORLD.texts, WORLD.flags].flat())
