import { isPromptName } from '#lib/liquid/name-rules.ts'
import type { Reading } from './reading.ts'
import type { Tree } from './tree.ts'
import { Inference } from './write/infer.ts'
import { Names } from './write/names.ts'

/** A text that others include. */
export interface KnownPartial {
  /** Its name as a prompt here. */
  name: string
  /** Its variables: as its text names them, and as they are called here. */
  variables: [from: string, to: string][]
  hasLines: boolean
}

/** Knows what the texts need that a text includes; each is read once. */
export class Partials {
  readonly #reading: Reading
  readonly #read: (reading: Reading) => Tree
  readonly #known = new Map<string, KnownPartial>()
  readonly #trail = new Set<string>()

  /** @param read the reader of the language that all of them are in */
  constructor(reading: Reading, read: (reading: Reading) => Tree) {
    this.#reading = reading
    this.#read = read
  }

  /** What is known of a partial; undefined, and refused, where it cannot be put in. */
  find(name: string, at: number): KnownPartial | undefined {
    const known = this.#known.get(name)
    if (known) return known
    const text = this.#reading.partials.get(name)
    if (text === undefined) {
      this.#reading.refuse(at, `The text "${name}" that is included here was not brought: bring it along`)
      return undefined
    }
    if (this.#trail.has(name)) {
      this.#reading.refuse(at, `"${name}" includes itself, which never ends`)
      return undefined
    }
    this.#trail.add(name)
    const partial = this.#partial(name, text)
    this.#trail.delete(name)
    this.#known.set(name, partial)
    return partial
  }

  #partial(name: string, text: string): KnownPartial {
    // What is wrong in it is said where it is read as a prompt of its own.
    const { nodes } = this.#read(this.#reading.within(text, this))
    const inference = new Inference(new Map())
    inference.nodes(nodes)
    const names = [...inference.uses.keys()]
    const here = new Names(names)
    return {
      name: this.#reading.options.nameOfPartial?.(name) ?? slug(name),
      variables: names.map((each) => [each, here.of(each)]),
      hasLines: text.trimEnd().includes('\n'),
    }
  }
}

/** A name of a prompt, made of the letters of a file's. */
function slug(name: string): string {
  const plain = name
    .normalize('NFD')
    .replace(/\.[a-z0-9]{1,8}$/i, '')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 64)
  return isPromptName(plain) ? plain : `partial-${plain}`.slice(0, 64).replace(/-+$/, '')
}
