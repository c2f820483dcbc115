import { SLUG_LENGTH } from '../../../slug.ts'
import { slugOf } from '../../plan/slug.ts'
import type { ReadItem } from '../../source.ts'
import { nameFromPath, partsOf } from './paths.ts'

/**
 * Gives items that would become prompts of one name names of their own: the first keeps it, the others are named after
 * their file or its folder. Many files have the same title, or none but that of an example.
 */
export function withOwnNames<Item extends ReadItem>(items: readonly Item[]): Item[] {
  const names = new Names(items)
  return items.map((item) => {
    const name = item.kind === 'refused' ? item.name : names.of(item)
    if (name === item.name) return item
    const message = `"${item.name}" is the name of another one that is brought, too: this one becomes "${name}"`
    return { ...item, name, notes: [...item.notes, { message }] }
  })
}

class Names {
  /** Names that items have of themselves, or were given. */
  readonly #known: Set<string>
  readonly #taken = new Set<string>()
  readonly #counts = new Map<string, number>()

  constructor(items: readonly ReadItem[]) {
    this.#known = new Set(items.map(({ name }) => slugOf(name)))
  }

  of(item: ReadItem): string {
    const slug = slugOf(item.name)
    if (this.#taken.has(slug)) return this.#fresh(item, slug)
    this.#taken.add(slug)
    return item.name
  }

  #fresh(item: ReadItem, slug: string): string {
    const free = speaking(item).find((name) => !this.#known.has(slugOf(name)))
    const name = free ?? this.#numbered(item.name, slug)
    this.#known.add(slugOf(name))
    this.#taken.add(slugOf(name))
    return name
  }

  #numbered(name: string, slug: string): string {
    // A slug ends somewhere: the number has to stand within it.
    const short = name.slice(0, SLUG_LENGTH - 10)
    for (let count = this.#counts.get(slug) ?? 2; ; count++) {
      const made = `${short}-${count}`
      if (this.#known.has(slugOf(made))) continue
      this.#counts.set(slug, count + 1)
      return made
    }
  }
}

function speaking({ name, origin }: ReadItem): string[] {
  const folder = partsOf(origin.path).folders.at(-1)
  const file = nameFromPath(origin.path)
  return folder === undefined ? [file] : [file, `${folder}-${name}`, `${folder}-${file}`]
}
