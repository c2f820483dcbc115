import type { Endpoint } from '../contract.ts'

/** All methods of one path. */
export interface Resource {
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** Value of the Allow header. */
  readonly allow: string
}

/** Joins the endpoints of one path; of two for one method the last counts. */
export function resource(endpoints: readonly Endpoint[]): Resource {
  const byMethod = new Map(endpoints.map((each) => [each.contract.method as string, each]))
  const methods = [...byMethod.keys(), ...(byMethod.has('GET') ? ['HEAD'] : []), 'OPTIONS']
  return { endpoints: byMethod, allow: methods.join(', ') }
}

/** A path that leads nowhere. */
export const NOTHING: Resource = resource([])

/** A path whose braces stand for any part: `['', 'api', 'prompts', '{name}']`. */
interface Pattern {
  readonly parts: readonly string[]
  readonly resource: Resource
}

/** The resources of a table of routes, found by the path of a request. */
export class ResourceTable {
  readonly #byPath: ReadonlyMap<string, Resource>
  /** By the number of parts. */
  readonly #patterns: ReadonlyMap<number, readonly Pattern[]>

  constructor(routes: readonly Endpoint[]) {
    const isPattern = ({ contract }: Endpoint) => contract.path.includes('{')
    const patterns = Map.groupBy(routes.filter(isPattern), ({ contract }) => contract.path)
    this.#patterns = Map.groupBy(
      [...patterns].map(([path, endpoints]) => ({ parts: path.split('/'), resource: resource(endpoints) })),
      ({ parts }) => parts.length,
    )
    const words = Map.groupBy(
      routes.filter((route) => !isPattern(route)),
      ({ contract }) => contract.path,
    )
    // A word in the place of a name may be a name, too: it has the methods that the word leaves over.
    const asName = (path: string) => this.#match(path)?.endpoints.values() ?? []
    this.#byPath = new Map(
      [...words].map(([path, endpoints]) => [path, resource([...asName(path), ...endpoints])]),
    )
  }

  /** @returns undefined when the path leads nowhere */
  find(path: string): Resource | undefined {
    return this.#byPath.get(path) ?? this.#match(path)
  }

  #match(path: string): Resource | undefined {
    const asked = path.split('/')
    const fits = (part: string, index: number) =>
      part.startsWith('{') ? isValue(asked[index] ?? '') : part === asked[index]
    return this.#patterns.get(asked.length)?.find(({ parts }) => parts.every(fits))?.resource
  }
}

/** Next's router leads on from a path with an empty part or one of dots. */
function isValue(part: string): boolean {
  return part !== '' && part !== '.' && part !== '..'
}
