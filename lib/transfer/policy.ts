import type { Actor } from '../access/actor.ts'
import * as rights from '../access/rights.ts'

/**
 * Who reads prompts takes them along; under a pin what its label names, and nothing else.
 * @throws forbidden
 */
export function assertMayExport(actor: Actor): void {
  rights.assertMay(actor, 'prompts:read')
}

/**
 * An import writes prompts. What came of it names them all, so it is for the same.
 * @throws forbidden
 */
export function assertMayImport(actor: Actor): void {
  rights.assertMay(actor, 'prompts:write')
  rights.assertUnpinned(actor)
}
