import { isAppError } from '../errors.ts'
import type { Variable } from '../liquid/variable.ts'
import type { PromptFacts } from '../prompts/operations/describe-prompt.ts'
import { allowedValues, argumentDescription } from '../prompts/variables/allowed-values.ts'
import type { Caller } from './caller.ts'
import { isObject, type JsonObject } from './transport/message.ts'

/*
 * The form for missing variables (2026-07-28, "Multi Round-Trip Requests" and "Elicitation"). A client that can
 * ask its user gets what is missing as a form, and sends the same request again with what was filled in. Nothing
 * is kept between the two, so they may reach different instances.
 *
 * A prompt that is published as a tool asks for none: its schema tells a model what is required, so the model
 * can mend its call, and should not make a person do it.
 */

/** Under this name the one form of an answer is asked for and answered. */
const FORM = 'variables'

/** Thrown through a tool, since its answer is none of the tool's own. */
interface FormNeeded extends Error {
  readonly form: JsonObject
}

/** The answer that asks for a form, when that is what was thrown; undefined for any error. */
export function formOf(thrown: unknown): JsonObject | undefined {
  return thrown instanceof Error && thrown.name === 'FormNeeded' ? (thrown as FormNeeded).form : undefined
}

/**
 * Renders with the values of a call and those of its form. Where nothing but required values is missing, and
 * the client can ask its user, a form is thrown.
 * @throws the error of `work` when the client shows no forms or the form was declined
 */
export async function withForm<T>(
  caller: Caller,
  given: JsonObject,
  describe: () => PromptFacts | Promise<PromptFacts>,
  work: (variables: JsonObject) => Promise<T>,
): Promise<T> {
  const filled = filledIn(caller)
  try {
    return await work(filled === undefined ? given : { ...filled, ...given })
  } catch (error) {
    const missing = missingIn(error)
    if (missing === undefined || !caller.asksUser || caller.answers !== undefined) throw error
    const { name, variables } = await describe()
    const form = formFor(
      name,
      variables.filter((variable) => missing.has(variable.name)),
    )
    throw Object.assign(new Error('a form is needed'), { name: 'FormNeeded', form })
  }
}

/** The names of what is missing, when that is all that is wrong. */
function missingIn(error: unknown): ReadonlySet<string> | undefined {
  if (!isAppError(error) || error.code !== 'unprocessable' || error.details.length === 0) return undefined
  if (error.details.some(({ code }) => code !== 'missing_variable')) return undefined
  return new Set(error.details.map(({ path }) => String(path.at(-1))))
}

/** The values that the user has filled in; undefined without a form, or when it was declined. */
function filledIn({ answers }: Caller): JsonObject | undefined {
  const answer = answers?.[FORM]
  if (!isObject(answer) || answer.action !== 'accept') return undefined
  return isObject(answer.content) ? answer.content : undefined
}

function formFor(prompt: string, missing: readonly Variable[]): JsonObject {
  const requestedSchema = {
    type: 'object',
    properties: Object.fromEntries(missing.map((variable) => [variable.name, field(variable)])),
    required: missing.map(({ name }) => name),
  }
  const message = `The prompt "${prompt}" needs ${missing.length === 1 ? 'a value' : 'values'}.`
  const params = { mode: 'form', message, requestedSchema }
  return {
    resultType: 'input_required',
    inputRequests: { [FORM]: { method: 'elicitation/create', params } },
  }
}

/** A field of a form, which is a text, a number, a choice or a tick: lists and objects are typed as texts. */
function field(variable: Variable): JsonObject {
  const { name, type, enum: choices, min, max } = variable
  const described = { title: name, ...description(variable) }
  if (choices !== undefined) return { type: 'string', ...described, enum: choices }
  switch (type) {
    case 'number':
    case 'integer':
      return {
        type,
        ...described,
        ...(min === undefined ? {} : { minimum: min }),
        ...(max === undefined ? {} : { maximum: max }),
      }
    case 'boolean':
      return { type, ...described }
    case 'string':
      return {
        type,
        ...described,
        ...(min === undefined ? {} : { minLength: min }),
        ...(max === undefined ? {} : { maxLength: max }),
      }
    default:
      return {
        type: 'string',
        title: name,
        description: argumentDescription(variable) ?? allowedValues(variable),
      }
  }
}

/** A form has no field for a pattern: words describe it, as in the list of prompts. */
function description(variable: Variable): { description?: string } {
  const { pattern, enum: choices } = variable
  const told =
    pattern === undefined || choices !== undefined ? variable.description : argumentDescription(variable)
  return told === undefined ? {} : { description: told }
}
