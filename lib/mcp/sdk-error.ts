import { plainMessage } from '../plain-words.ts'
import { cutText } from '../text.ts'
import { INTERNAL_ERROR, INVALID_PARAMS, type RpcErrorBody } from './errors.ts'
import { isObject } from './message.ts'

/** What zod says of one fault, as the SDK passes it on within a text. */
interface Issue {
  path: (string | number)[]
  message: string
}

/** How many faults of one message are named, and in how many characters. */
const MOST_ISSUES = 5
const MOST_CHARACTERS = 1000

/**
 * An error of the SDK for people and models: where it hands on the raw list of what a schema found, this
 * says it as a sentence; and a message that a schema refused has wrong parameters, which is no internal error.
 */
export function readableError<E extends RpcErrorBody>(error: E): E {
  const start = error.message.indexOf('[')
  const issues = start === -1 ? undefined : readIssues(error.message.slice(start))
  if (issues === undefined) return error
  const named = issues.slice(0, MOST_ISSUES).map(({ path, message }) => {
    const place = path.length === 0 ? 'The message' : path.join('.')
    return `${place}: ${plainMessage(message)}`
  })
  const more = issues.length > MOST_ISSUES ? ` (and ${issues.length - MOST_ISSUES} more)` : ''
  const code = error.code === INTERNAL_ERROR ? INVALID_PARAMS : error.code
  return { ...error, code, message: `Invalid params: ${cutText(named.join('; '), MOST_CHARACTERS)}${more}` }
}

function readIssues(text: string): Issue[] | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return Array.isArray(value) && value.length > 0 && value.every(isIssue) ? value : undefined
}

function isIssue(value: unknown): value is Issue {
  return isObject(value) && Array.isArray(value.path) && typeof value.message === 'string'
}

/**
 * The text of an answer of the SDK, with its error in a readable form.
 * @param unknown the id of an error whose request cannot be told: null, or none
 */
export function readableAnswer(text: string, unknown: null | undefined): string {
  if (!text.includes('"error"')) return text
  const answer: unknown = JSON.parse(text)
  if (!isObject(answer) || !isErrorBody(answer.error)) return text
  const { id, ...rest } = answer
  return JSON.stringify({
    ...rest,
    ...(id === null && unknown === undefined ? {} : { id }),
    error: readableError(answer.error),
  })
}

function isErrorBody(value: unknown): value is RpcErrorBody {
  return isObject(value) && typeof value.code === 'number' && typeof value.message === 'string'
}
