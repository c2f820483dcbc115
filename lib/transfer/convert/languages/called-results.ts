import { allowedName } from '#lib/liquid/analyse.ts'
import type { Reading } from '../reading.ts'
import type { Expression } from '../tree.ts'

/**
 * What functions of a program give that a text calls. Nothing here can call them: each result is a variable that the
 * caller passes, and a note says so.
 */
export class CalledResults {
  readonly #reading: Reading
  readonly #names = new Map<string, string>()

  constructor(reading: Reading) {
    this.#reading = reading
  }

  /**
   * The variable that stands for a call.
   * @param code the whole call, as it is written
   * @param given the arguments; the names among them tell one call of a function from another
   */
  of(code: string, called: string, given: readonly string[], at: number): Expression | undefined {
    const known = this.#names.get(code)
    const words = [called, ...given.filter((word) => /^[$\w.]/.test(word))]
    const name = known ?? this.#free(words.map((word) => word.replaceAll(/^\W+|\W+$/g, '')).join('_'))
    const shown = code.length > 60 ? `${code.slice(0, 60)}…` : code
    if (name === undefined) {
      this.#reading.refuse(
        at,
        `{{${shown}}} calls a function, which a prompt here cannot: write a variable there`,
      )
      return undefined
    }
    this.#names.set(code, name)
    this.#reading.note(
      at,
      `{{${shown}}} calls a function of the program, which a prompt here cannot: its result is the variable ${name}, which the caller passes`,
    )
    return { is: 'variable', name, at }
  }

  /** A name that no other call has. */
  #free(words: string): string | undefined {
    const base = allowedName(words.replaceAll(/\W+/g, '_'))
    if (base === undefined) return undefined
    const taken = new Set(this.#names.values())
    let name = base
    for (let count = 2; taken.has(name); count++) name = `${base}_${count}`
    return name
  }
}
