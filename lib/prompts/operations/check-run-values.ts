import type { Actor } from '../../access/actor.ts'
import { relocated } from '../../errors.ts'
import { inSlices } from '../../slices.ts'
import { assertMay } from '../policy.ts'
import type { VersionChoice } from '../reading/find-version.ts'
import { rememberValues } from '../reading/past-values.ts'
import { valueLimits } from '../rendering/value-limits.ts'
import { coerceValues } from '../variables/variable-values.ts'
import { findVersionToRun, type RunVersion } from './prepare-run.ts'

export type CheckRunValuesRequest = VersionChoice & {
  name: string
  values: readonly Readonly<Record<string, unknown>>[]
  /** Where the caller gave the values, for errors: `['inputs', 3]`. */
  at: (index: number) => (string | number)[]
}

/**
 * Finds a version as a render does and checks many sets of values against its variables. Nothing is rendered
 * yet: a thousand renders of some megabytes each would be a matter of seconds and gigabytes.
 * @throws as renderPrompt does for values, with the place of the values before each path
 */
export async function checkRunValues(actor: Actor, request: CheckRunValuesRequest): Promise<RunVersion> {
  assertMay(actor, 'read')
  const { resolution, version: compiled } = await findVersionToRun(actor, request)
  const { prompt, label } = resolution
  const { version, checksum } = compiled.stored
  const { variables } = compiled.compiled()
  const limits = valueLimits()
  const pause = inSlices()
  for (const [index, values] of request.values.entries()) {
    try {
      coerceValues(variables, values, limits)
    } catch (error) {
      throw relocated(error, (path) => [...request.at(index), ...path])
    }
    await pause()
  }
  rememberValues(actor, prompt.id, compiled.variables, request.values[0] ?? {})
  return { prompt_id: prompt.id, name: prompt.name, version, label, checksum }
}
