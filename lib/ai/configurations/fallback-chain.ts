import { wrong } from './check-provider.ts'

/** A configuration as a link of chains. */
export interface ChainLink {
  id: string
  name: string
  fallback_id: string | null
}

/** What is asked one after the other, beginning with a configuration; the last may point into a circle. */
function chainFrom(all: ReadonlyMap<string, ChainLink>, start: ChainLink): ChainLink[] {
  const chain = [start]
  for (let link = start; link.fallback_id !== null; ) {
    const next = all.get(link.fallback_id)
    if (next === undefined || chain.includes(next)) break
    chain.push(next)
    link = next
  }
  return chain
}

/**
 * Checks the fallback of one configuration among all of them, as they will be.
 * @param most configurations that are tried after the first (ai.fallbacks)
 * @throws unprocessable when fallbacks go round in a circle, or when a chain that it is part of is too long
 */
export function checkFallbacks(links: readonly ChainLink[], changed: ChainLink, most: number): void {
  const all = new Map(links.map((link) => [link.id, link]))
  const own = chainFrom(all, changed)
  const last = own.at(-1)
  if (last !== undefined && last.fallback_id !== null && all.has(last.fallback_id)) {
    const names = [...own.map(({ name }) => name), all.get(last.fallback_id)?.name]
    throw wrong('fallback', 'circular', `Fallbacks would go round in a circle: ${names.join(' → ')}`)
  }
  for (const link of links) {
    const chain = chainFrom(all, link)
    if (!chain.includes(changed) || chain.length - 1 <= most) continue
    const names = chain.map(({ name }) => name).join(' → ')
    const limit = `at most ${most} configurations are tried after the first (ai.fallbacks)`
    throw wrong('fallback', 'too_long', `The chain ${names} is too long: ${limit}`)
  }
}
