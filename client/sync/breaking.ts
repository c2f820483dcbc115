import type { Variable } from '#lib/liquid/variable.ts'
import { isIncipitError } from '../http/problem.ts'
import { COMMAND_LINE, type Registry } from '../registry/registry.ts'

/** Names that a change tells. */
const NAMES = 3

/**
 * Whom moves of labels would refuse, in words; undefined: nobody, as far as this key may know. Nothing is asked of
 * labels that the prompt does not have.
 * @param variables what the version takes that the labels would name
 */
export async function breakingWords(
  registry: Registry,
  name: string,
  variables: readonly Variable[],
  labels: readonly string[],
): Promise<string | undefined> {
  const words: string[] = []
  for (const label of labels) {
    const met = await changesThatMeet(registry, name, variables, label)
    if (met.length > 0) words.push(`moving "${label}" refuses callers: ${met.join('; ')}`)
  }
  return words.length === 0 ? undefined : `${words.join('. ')}. Where that is meant: --accept-breaking`
}

async function changesThatMeet(
  registry: Registry,
  name: string,
  variables: readonly Variable[],
  label: string,
): Promise<string[]> {
  const impact = await impactOf(registry, name, variables, label)
  // What this command line rendered itself is no caller of anybody's.
  const callers = (impact?.callers ?? []).filter(({ client }) => client !== COMMAND_LINE)
  return (impact?.breaking ?? []).flatMap(({ variable, message }) => {
    const met = callers.filter(({ breaks }) => breaks.includes(variable)).map((caller) => caller.name)
    if (met.length === 0) return []
    const more = met.length > NAMES ? ` and ${met.length - NAMES} more` : ''
    return [`${message} (${met.slice(0, NAMES).join(', ')}${more})`]
  })
}

/** Undefined where the label is not there, or where this key may not know who uses it. */
async function impactOf(registry: Registry, name: string, variables: readonly Variable[], label: string) {
  try {
    return await registry.impact(name, label, variables)
  } catch (error) {
    if (isIncipitError(error) && (error.status === 403 || error.status === 404 || error.status === 405))
      return undefined
    throw error
  }
}
