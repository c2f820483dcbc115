import { allowedName } from '#lib/liquid/analyse.ts'
import { isVariableName } from '#lib/liquid/name-rules.ts'

/** Gives each name of the source one that can stand here, always the same one and never one twice. */
export class Names {
  readonly #given = new Map<string, string>()
  readonly #taken = new Set<string>()

  /** @param names of the source's variables; those that can stay as they are keep their names */
  constructor(names: readonly string[]) {
    for (const name of names) {
      if (!isVariableName(name)) continue
      this.#given.set(name, name)
      this.#taken.add(name)
    }
    for (const name of names) if (!this.#given.has(name)) this.#given.set(name, this.fresh(name))
  }

  /** The name that a variable of the source has here. */
  of(name: string): string {
    return this.#given.get(name) ?? this.fresh(name)
  }

  /** Those that had to change, in their order. */
  get renamed(): [from: string, to: string][] {
    return [...this.#given].filter(([from, to]) => from !== to)
  }

  /** A name that nothing has yet. */
  fresh(hint: string): string {
    const base = readable(hint)
    let name = base
    for (let count = 2; this.#taken.has(name); count++) name = `${base.slice(0, MOST - 6)}_${count}`
    this.#taken.add(name)
    return name
  }
}

/** Letters of a name. */
const MOST = 64

function readable(hint: string): string {
  const cut = hint.slice(0, MOST)
  return allowedName(cut) ?? allowedName(`${cut}_value`) ?? allowedName(`value_${cut}`) ?? 'value'
}
