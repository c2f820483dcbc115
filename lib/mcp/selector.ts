import type { VersionSelector } from '../prompts/schema.ts'
import type { Caller } from './caller.ts'

/** Which version is meant: what the call names, else the label of the address, else production. */
export function selectorOf({ scope }: Caller, named: VersionSelector = {}): VersionSelector {
  if (named.label !== undefined || named.version !== undefined) return named
  return scope.label === null ? {} : { label: scope.label }
}
