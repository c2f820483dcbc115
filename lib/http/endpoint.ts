import type { Actor } from '../access/actor.ts'
import type { Contract, InputOf, Operation, OutputOf } from '../contract.ts'
import type { HttpRequest } from './message.ts'

export type Input = Record<string, unknown>

/** A contract with the operation behind it. */
export interface Endpoint {
  readonly contract: Contract
  readonly run: (actor: Actor, input: Input) => Promise<unknown>
  /** Reads the input without the schemas where that is plainly the same; undefined: ask the schemas. */
  readonly quickInput?: ((request: HttpRequest, body: unknown) => Input | undefined) | undefined
}

/** All methods of one path. */
export interface Resource {
  readonly endpoints: ReadonlyMap<string, Endpoint>
  /** Value of the Allow header. */
  readonly allow: string
}

/** Joins a contract and its operation; the compiler checks that they fit. */
export function endpoint<const C extends Contract>(
  contract: C,
  operation: Operation<InputOf<C>, OutputOf<C>>,
  quickInput?: Endpoint['quickInput'],
): Endpoint {
  // The input is parsed by this contract's schemas before the operation sees it, so it is an InputOf<C>.
  const run = (actor: Actor, input: Input) => operation(actor, input as InputOf<C>)
  return { contract, run, quickInput }
}

/** Joins the endpoints of one path. */
export function resource(...endpoints: Endpoint[]): Resource {
  const byMethod = new Map(endpoints.map((each) => [each.contract.method as string, each]))
  const methods = [...byMethod.keys(), ...(byMethod.has('GET') ? ['HEAD'] : []), 'OPTIONS']
  return { endpoints: byMethod, allow: methods.join(', ') }
}
