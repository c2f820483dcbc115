import type { Actor } from '../access/actor.ts'
import * as rights from '../access/rights.ts'

/** What can be done with generations: to run also means to stop and to run again. */
export type GenerationRight = 'read' | 'run'

/** @throws forbidden that names the missing right */
export function assertMay(actor: Actor, right: GenerationRight): void {
  rights.assertMay(actor, `generations:${right}`)
}
