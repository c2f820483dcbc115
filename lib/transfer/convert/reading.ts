import type { Json } from '#lib/liquid/json.ts'
import type { SourceNote } from '../source.ts'
import type { Partials } from './partials.ts'
import type { ValueType } from './tree.ts'

/** What is known of a text beside the text itself. */
export interface ConvertOptions {
  /** Types that the source declares, or that its sample values have. */
  types?: ReadonlyMap<string, ValueType>
  /** Names that the source declares: a language that does not tell capitals from small letters takes their spelling. */
  names?: readonly string[]
  /** Other texts of the same prompt: what they do with a variable tells of it, too. */
  beside?: readonly string[]
  /** The name that a partial has as a prompt here; left out: its own, made a slug. */
  nameOfPartial?: (name: string) => string
  /** Settings of Jinja and Nunjucks; left out: off, as they are there. */
  trimBlocks?: boolean
  lstripBlocks?: boolean
}

/** How deep tags and parentheses may be nested; Liquid allows as much by default. */
export const MOST_LEVELS = 50
/** More than anybody reads of one text. */
const MOST_NOTES = 50

/** One text while it is read: what is to be said of it, by the offsets at which it stands. */
export class Reading {
  readonly text: string
  readonly partials: ReadonlyMap<string, string>
  readonly options: ConvertOptions
  /** What is known of the texts that this one includes. */
  family: Partials | undefined
  /** Values that a text has for variables that are not given, and how often it says so. */
  readonly defaults = new Map<string, { value: Json; count: number }>()
  readonly #notes = new Gathered()
  readonly #refusals = new Gathered()

  constructor(text: string, partials: ReadonlyMap<string, string>, options: ConvertOptions) {
    this.text = text
    this.partials = partials
    this.options = options
  }

  /** Reads another text of the same family; what is said of it is not said of this one. */
  within(text: string, family: Partials | undefined): Reading {
    const inner = new Reading(text, this.partials, this.options)
    inner.family = family
    return inner
  }

  /** Says what changed its meaning or was left out. */
  note(at: number, message: string): void {
    this.#notes.add(at, message)
  }

  /** Says what cannot be said here, and what to do. */
  refuse(at: number, message: string): void {
    this.#refusals.add(at, message)
  }

  /** Hears that a text has another value where a variable is not given. */
  offerDefault(name: string, value: Json): void {
    const known = this.defaults.get(name)
    // Two values are no default of either.
    const isSame = known === undefined || known.value === value
    this.defaults.set(name, { value, count: isSame ? (known?.count ?? 0) + 1 : Number.NaN })
  }

  get isRefused(): boolean {
    return this.#refusals.size > 0
  }

  get notes(): SourceNote[] {
    return this.#notes.list(this.text)
  }

  get refusals(): SourceNote[] {
    return this.#refusals.list(this.text)
  }
}

/** Messages, each once, at the first place. */
class Gathered {
  readonly #places = new Map<string, number>()

  get size(): number {
    return this.#places.size
  }

  add(at: number, message: string): void {
    if (this.#places.size < MOST_NOTES && !this.#places.has(message)) this.#places.set(message, at)
  }

  list(text: string): SourceNote[] {
    const inOrder = [...this.#places].toSorted(([, one], [, other]) => one - other)
    let line = 1
    let next = text.indexOf('\n')
    return inOrder.map(([message, at]) => {
      for (; next >= 0 && next < at; next = text.indexOf('\n', next + 1)) line++
      return { line, message }
    })
  }
}
