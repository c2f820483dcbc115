import { listCategories } from '../categories/operations/list-categories.ts'
import { ERROR_CATALOGUE, isAppError } from '../errors.ts'
import type { Variable } from '../liquid/variable.ts'
import { PRODUCTION } from '../prompts/name.ts'
import { listExamples } from '../prompts/operations/examples/list-examples.ts'
import { listPastValues } from '../prompts/operations/examples/list-past-values.ts'
import { findNames } from '../prompts/operations/names/find-names.ts'
import { cutText } from '../text.ts'
import type { Caller } from './caller.ts'
import { invalidParams } from './errors.ts'
import { TEMPLATES } from './resources.ts'
import { isObject, type JsonObject } from './transport/message.ts'
import { publishedPrompt, selectorOf, visiblePrompt } from './visibility.ts'

/** Most values that one answer may carry. */
const VALUES_MAX = 100
/** Longer texts are documents, not something to pick from a list. */
const LENGTH_MAX = 200

/**
 * `completion/complete`: values for a prompt's argument, or for a part of a resource's URI, that begin
 * with (else contain) what was typed. What other callers rendered is never offered, but what people saved as
 * examples of the prompt is.
 */
export async function complete(caller: Caller, { ref, argument, context }: JsonObject): Promise<JsonObject> {
  if (!isObject(ref) || !isObject(argument)) throw invalidParams('A completion needs ref and argument')
  const { name, value } = argument
  if (typeof name !== 'string' || typeof value !== 'string')
    throw invalidParams('The argument of a completion has a name and a value')
  if (ref.type === 'ref/prompt' && typeof ref.name === 'string')
    return ranked(await argumentValues(caller, ref.name, name), value)
  if (ref.type === 'ref/resource' && typeof ref.uri === 'string')
    return uriValues(caller, { uri: ref.uri, name, value, given: givenIn(context) })
  throw invalidParams('A completion refers to a prompt (ref/prompt) or a resource (ref/resource)')
}

async function argumentValues(caller: Caller, prompt: string, argument: string): Promise<string[]> {
  const { variables } = await publishedPrompt(caller, prompt)
  const variable = variables.find((each) => each.name === argument)
  if (variable === undefined)
    throw invalidParams(`The prompt "${cutText(prompt, 64)}" has no argument "${cutText(argument, 64)}"`)
  const [used, saved] = await Promise.all([
    usedValues(caller, prompt, variable),
    savedValues(caller, prompt, variable),
  ])
  return [...used, ...saved, ...declaredValues(variable)]
}

/** Texts that this caller used before; none where the author listed what may be used. */
async function usedValues(caller: Caller, name: string, variable: Variable): Promise<string[]> {
  if (variable.type !== 'string' || variable.enum !== undefined) return []
  return listPastValues(caller.actor, { name, variable: variable.name, ...selectorOf(caller) })
}

/** The values in the prompt's examples, as a caller would write them; none where choices are declared. */
async function savedValues(caller: Caller, name: string, variable: Variable): Promise<string[]> {
  if (variable.enum !== undefined || variable.type === 'boolean') return []
  const items = await savedExamples(caller, name)
  return items
    .flatMap(({ values }) => (Object.hasOwn(values, variable.name) ? [asText(values[variable.name])] : []))
    .filter((text) => text !== '' && text.length <= LENGTH_MAX)
}

/** Other values are still offered while the database is away. */
async function savedExamples({ actor }: Caller, name: string) {
  try {
    return (await listExamples(actor, { name })).items
  } catch (error) {
    if (isAppError(error) && ERROR_CATALOGUE[error.code].status === 503) return []
    throw error
  }
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** The values that the author declared: the choices, else the default and the example. */
function declaredValues(variable: Variable): string[] {
  if (variable.enum !== undefined) return variable.enum
  if (variable.type === 'boolean') return ['true', 'false']
  return [variable.default, variable.example].flatMap((value) => (value === undefined ? [] : [asText(value)]))
}

interface UriArgument {
  uri: string
  name: string
  value: string
  given: JsonObject
}

function givenIn(context: unknown): JsonObject {
  return isObject(context) && isObject(context.arguments) ? context.arguments : {}
}

async function uriValues(caller: Caller, { uri, name, value, given }: UriArgument): Promise<JsonObject> {
  if (!TEMPLATES.some(({ uriTemplate }) => uriTemplate === uri))
    throw invalidParams(`There is no resource template "${cutText(uri, 100)}"`)
  if (!uri.includes(`{${name}}`)) throw invalidParams(`The template has no part "${cutText(name, 64)}"`)
  if (name === 'slug') return ranked(await categorySlugs(caller), value)
  if (name === 'version') return ranked(await versionNumbers(caller, given.name), value)
  return promptNames(caller, value)
}

async function categorySlugs({ actor, scope }: Caller): Promise<string[]> {
  if (scope.category !== null) return [scope.category]
  const { categories } = await listCategories(actor)
  return categories.map(({ slug }) => slug)
}

/** The versions of the prompt that was chosen before, newest first; of a caller pinned to a label, the one that it sees. */
async function versionNumbers(caller: Caller, prompt: unknown): Promise<string[]> {
  if (typeof prompt !== 'string') return []
  try {
    const { version, latest_version: latest } = await visiblePrompt(caller, prompt)
    if (caller.actor.label !== null) return [String(version)]
    return Array.from({ length: latest }, (_, index) => String(latest - index))
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return []
    throw error
  }
}

async function promptNames({ actor, scope }: Caller, typed: string): Promise<JsonObject> {
  const { category } = scope
  const label = scope.label ?? PRODUCTION
  const { names, total } = await findNames(actor, { typed, label, category, limit: VALUES_MAX })
  return completion(names, total)
}

function ranked(values: string[], typed: string): JsonObject {
  const wanted = typed.toLowerCase()
  const matching = [...new Set(values)].filter((value) => value.toLowerCase().includes(wanted))
  const begins = matching.filter((value) => value.toLowerCase().startsWith(wanted))
  const ordered = [...begins, ...matching.filter((value) => !begins.includes(value))]
  return completion(ordered.slice(0, VALUES_MAX), ordered.length)
}

function completion(values: string[], total: number): JsonObject {
  return { completion: { values, total, hasMore: total > values.length } }
}
