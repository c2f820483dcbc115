import { type AppError, appError, type ErrorDetail } from '../../errors.ts'
import { nearest } from '../../liquid/dialects/nearest.ts'
import type { Variable } from '../../liquid/variable.ts'
import { cutText } from '../../text.ts'
import { allowedValues } from './allowed-values.ts'

/** Why a value does not fit. */
export interface ValueProblem {
  code: string
  message: string
}

/** A required variable without a value. */
export function missing(variable: Variable): ErrorDetail {
  const hint = [variable.description ?? '', allowedValues(variable)].filter((part) => part !== '').join('; ')
  return {
    path: ['variables', variable.name],
    code: 'missing_variable',
    message: `${variable.name} is required`,
    ...(hint === '' ? {} : { hint }),
  }
}

/** A value that its variable does not take. */
export function wrong(variable: Variable, problem: ValueProblem): ErrorDetail {
  return {
    path: ['variables', variable.name],
    code: problem.code,
    message: `${variable.name} ${problem.message}`,
  }
}

/** Most unknown names that an error tells: a caller may send any number. */
const MOST_UNKNOWN = 20
/** Of those, the ones that are compared with every variable: a comparison of long names takes some 10 µs. */
const MOST_COMPARED = 5

/** What an error tells of a prompt. */
interface Told {
  /** Of all variables. */
  names: ReadonlySet<string>
  /** The texts are literal, so that what looks like a variable in them is none. */
  isLiteral: boolean
}

function unknown(names: readonly string[], { names: known, isLiteral }: Told, given: object): ErrorDetail[] {
  const free = [...known].filter((name) => !Object.hasOwn(given, name))
  const list = known.size > 0 ? `Its variables are: ${[...known].join(', ')}` : 'It has no variables'
  const literal = 'its texts are literal (format "text"), and what looks like a variable is sent as it stands'
  const all = isLiteral ? `${list}: ${literal}` : list
  return names.slice(0, MOST_UNKNOWN).map((name, index) => {
    const near = index < MOST_COMPARED ? nearest(name, free) : undefined
    return {
      path: ['variables', cutText(name, 200)],
      code: 'unknown_variable',
      message: `${cutText(name, 200)} is not a variable of this prompt`,
      hint: near === undefined ? all : `Did you mean ${near}? ${all}`,
    }
  })
}

const KINDS = [
  ['missing_variable', 'missing'],
  ['invalid_variable', 'wrong'],
  ['unknown_variable', 'unknown'],
] as const

/**
 * What is wrong with the values of one render, in one error.
 * @param strange names that no variable has
 */
export function valuesError(
  found: readonly ErrorDetail[],
  strange: readonly string[],
  prompt: Told,
  given: object,
): AppError {
  const details = [...found, ...unknown(strange, prompt, given)]
  const parts = KINDS.flatMap(([code, word]) => {
    const names = details
      .filter((detail) => detail.code === code)
      .map((detail) => cutText(String(detail.path[1]), 200))
    return names.length > 0 ? [`${word}: ${names.join(', ')}`] : []
  })
  if (strange.length > MOST_UNKNOWN) parts.push(`and ${strange.length - MOST_UNKNOWN} more`)
  return appError('unprocessable', `The variables do not fit (${parts.join('; ')})`, { details })
}
