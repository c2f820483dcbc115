import { slugOf } from '../../plan/slug.ts'
import type { ReadItem } from '../../source.ts'
import { nameFromPath, partsOf } from './paths.ts'

/**
 * Gives items that would become prompts of one name names of their own: the first keeps it, the others are named after
 * their file or its folder. Many files have the same title, or none but that of an example.
 */
export function withOwnNames<Item extends ReadItem>(items: readonly Item[]): Item[] {
  const named = new Set(items.map(({ name }) => slugOf(name)))
  const taken = new Set<string>()
  return items.map((item) => {
    if (item.kind === 'refused') return item
    const slug = slugOf(item.name)
    if (!taken.has(slug)) {
      taken.add(slug)
      return item
    }
    const name = otherNames(item).find((each) => !named.has(slugOf(each))) ?? item.name
    named.add(slugOf(name))
    taken.add(slugOf(name))
    const message = `"${item.name}" is the name of another one that is brought, too: this one becomes "${name}"`
    return { ...item, name, notes: [...item.notes, { message }] }
  })
}

/** More with one name in one folder nobody brings; those are told as a conflict. */
const MOST_OF_A_NAME = 10_000

function* otherNames({ name, origin }: ReadItem): Generator<string> {
  const folder = partsOf(origin.path).folders.at(-1)
  const file = nameFromPath(origin.path)
  yield file
  if (folder !== undefined) {
    yield `${folder}-${name}`
    yield `${folder}-${file}`
  }
  for (let count = 2; count < MOST_OF_A_NAME; count++) yield `${name}-${count}`
}
