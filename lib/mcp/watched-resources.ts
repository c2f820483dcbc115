import { listCategories } from '../categories/operations/list-categories.ts'
import { isAppError } from '../errors.ts'
import type { Caller } from './caller.ts'
import { parseUri } from './resource-uri.ts'
import type { Watched } from './subscriptions.ts'
import { visiblePrompt } from './visibility.ts'

/** Those of some resources that there are, and that a client sees through its address. */
export async function findWatched(caller: Caller, uris: readonly string[]): Promise<Watched[]> {
  const found: Watched[] = []
  for (const uri of new Set(uris)) {
    const watched = await find(caller, uri)
    if (watched !== undefined) found.push(watched)
  }
  return found
}

async function find(caller: Caller, uri: string): Promise<Watched | undefined> {
  const target = parseUri(uri)
  if (target === undefined) return undefined
  if (target.kind === 'category') {
    const { category } = caller.scope
    if (category !== null && category !== target.slug) return undefined
    const { categories } = await listCategories(caller.actor)
    return categories.some(({ slug }) => slug === target.slug) ? { uri, ...target } : undefined
  }
  try {
    const { id } = await visiblePrompt(
      caller,
      target.name,
      target.version === undefined ? undefined : { version: target.version },
    )
    return { uri, kind: 'prompt', id }
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return undefined
    throw error
  }
}
