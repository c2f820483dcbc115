import type { Actor, Scope } from './access/actor.ts'
import type { Contract, InputOf, Operation, OutputOf } from './contract.ts'

export type Input = Record<string, unknown>

/** A contract, the operation behind it and the scope that it asks for: one row of a domain's `routes.ts`. */
export interface Endpoint<C extends Contract = Contract> {
  readonly contract: C
  /** The operation asks for it by itself; null: it needs no right. */
  readonly scope: Scope | null
  readonly run: (actor: Actor, input: Input) => Promise<unknown>
}

/** Joins a contract and its operation; the compiler checks that they fit, and a test that the scope is the one. */
export function endpoint<const C extends Contract>(
  contract: C,
  operation: Operation<InputOf<C>, OutputOf<C>>,
  scope: Scope | null,
): Endpoint<C> {
  // The input is parsed by this contract's schemas before the operation sees it, so it is an InputOf<C>.
  const run = (actor: Actor, input: Input) => operation(actor, input as InputOf<C>)
  return { contract, run, scope }
}
