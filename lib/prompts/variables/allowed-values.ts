import type { Variable } from '../../liquid/variable.ts'
import { MESSAGES_RULE } from './messages.ts'

/** Most characters of listed choices in a description or an error; an enum may hold a thousand. */
const CHOICES_LENGTH = 600

/** The choices for people and models to read: as many as fit, and how many there are. */
export function choiceList(choices: readonly string[]): string {
  const shown: string[] = []
  let length = 0
  for (const choice of choices) {
    length += choice.length + 2
    if (length > CHOICES_LENGTH && shown.length > 0)
      return `${shown.join(', ')}, … (${choices.length} in all)`
    shown.push(choice)
  }
  return shown.join(', ')
}

/**
 * What a variable takes, in the words of somebody who fills in a form where every field is a text; '' where
 * any text does.
 */
export function allowedValues(variable: Variable): string {
  const parts = [kindOf(variable), boundsOf(variable)].filter((part) => part !== '')
  return parts.join(', ')
}

function kindOf({ type, enum: choices, pattern }: Variable): string {
  if (choices !== undefined) return `One of: ${choiceList(choices)}`
  switch (type) {
    case 'boolean':
      return 'true or false'
    case 'number':
      return 'A number'
    case 'integer':
      return 'A whole number'
    case 'array':
      return 'One per line, or a JSON array'
    case 'object':
      return 'A JSON object'
    case 'messages':
      return `Messages: ${MESSAGES_RULE}`
    default:
      return pattern === undefined ? '' : `Matches ${pattern}`
  }
}

const UNITS: Partial<Record<Variable['type'], string>> = {
  string: ' characters',
  array: ' items',
  messages: ' messages',
}

function boundsOf({ type, enum: choices, min, max }: Variable): string {
  if (choices !== undefined) return ''
  const unit = UNITS[type] ?? ''
  if (min !== undefined && max !== undefined) return `${min} to ${max}${unit}`
  if (min !== undefined) return `at least ${min}${unit}`
  return max === undefined ? '' : `at most ${max}${unit}`
}

/** Longer defaults are texts of their own, which a form need not show. */
const DEFAULT_LENGTH = 200

/**
 * What a client can tell of an argument of a prompt, which has a description and nothing else: what it is
 * for, what is allowed, and what it is when nothing is given. undefined: there is nothing to tell.
 */
export function argumentDescription(variable: Variable): string | undefined {
  const { description = '', default: value } = variable
  const text = value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value)
  const parts = [
    description,
    allowedValues(variable),
    ...(text === undefined || text === '' || text.length > DEFAULT_LENGTH ? [] : [`Default: ${text}`]),
  ].filter((part) => part !== '')
  return parts.length === 0 ? undefined : parts.map(closed).join(' ')
}

/** Ends like a sentence when something follows or not: descriptions are written in both ways. */
function closed(part: string, index: number, all: readonly string[]): string {
  return index === all.length - 1 || /[.!?:;]\s*$/.test(part) ? part.trimEnd() : `${part.trimEnd()}.`
}
