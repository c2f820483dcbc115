import type { Variable, VariableType } from '../../liquid/variable.ts'
import { matchesPattern } from '../variables/pattern.ts'
import type { CONTRACT_CHANGES } from './schema.ts'

/** One variable that the newer version takes in another way, so that it may refuse what the older one took. */
export interface ContractChange {
  variable: string
  change: (typeof CONTRACT_CHANGES)[number]
  message: string
}

/**
 * Compares what two versions of a prompt take. A change that the newer version's callers cannot notice (a new
 * optional variable, another default, a wider type) is left out.
 * @param from variables of the version that callers use, placeholders included
 * @param to variables of the version that they would get
 * @returns the changes that may break callers, by the newer version's order of variables, then those removed
 */
export function contractChanges(from: readonly Variable[], to: readonly Variable[]): ContractChange[] {
  const before = new Map(from.map((variable) => [variable.name, variable]))
  const after = new Set(to.map(({ name }) => name))
  return [
    ...to.flatMap((variable) => changesOf(before.get(variable.name), variable)),
    ...from
      .filter(({ name }) => !after.has(name))
      .map(({ name }) => ({
        variable: name,
        change: 'removed' as const,
        message: `\`${name}\` is gone: a value for it is refused`,
      })),
  ]
}

/**
 * Whether a caller who gave these variables would be refused.
 * @param given names of the variables that the caller gave
 */
export function breaksCaller({ variable, change }: ContractChange, given: ReadonlySet<string>): boolean {
  const isGiven = given.has(variable)
  return change === 'narrowed' || change === 'removed' ? isGiven : !isGiven
}

function changesOf(before: Variable | undefined, after: Variable): ContractChange[] {
  const { name: variable, required } = after
  if (before === undefined)
    return required
      ? [{ variable, change: 'added_required', message: `\`${variable}\` is new and required` }]
      : []
  const changes: ContractChange[] = []
  if (required && !before.required)
    changes.push({ variable, change: 'required', message: `\`${variable}\` was optional and is required` })
  const narrower = narrowing(before, after)
  if (narrower !== undefined)
    changes.push({ variable, change: 'narrowed', message: `\`${variable}\` takes less: ${narrower}` })
  return changes
}

/** Why `after` may refuse a value that `before` takes; undefined: it takes them all. */
function narrowing(before: Variable, after: Variable): string | undefined {
  if (!readsAll(before.type, after.type)) return `it was ${a(before.type)} and is ${a(after.type)}`
  return (
    choicesProblem(before, after) ??
    patternProblem(before, after) ??
    boundProblem(before, after, 'min') ??
    boundProblem(before, after, 'max')
  )
}

/** Types that are read from every value of another one; each reads its own. */
const WIDER: Partial<Record<VariableType, readonly VariableType[]>> = {
  integer: ['number', 'string', 'enum'],
  number: ['string', 'enum'],
  boolean: ['string', 'enum'],
  enum: ['string'],
  string: ['enum'],
}

function readsAll(before: VariableType, after: VariableType): boolean {
  return before === after || WIDER[before]?.includes(after) === true
}

/** The values that are all a variable takes; undefined: there is no such list. */
function valuesOf({ type, enum: choices }: Variable): readonly string[] | undefined {
  return choices ?? (type === 'boolean' ? ['true', 'false'] : undefined)
}

function choicesProblem(before: Variable, after: Variable): string | undefined {
  if (after.enum === undefined) return undefined
  const choices = new Set(after.enum)
  const taken = valuesOf(before)
  if (taken === undefined) return 'it has a list of choices now'
  const gone = taken.filter((choice) => !choices.has(choice))
  return gone.length === 0 ? undefined : `without ${gone.slice(0, 5).map(quoted).join(', ')}${rest(gone)}`
}

function patternProblem(before: Variable, after: Variable): string | undefined {
  const { pattern } = after
  if (pattern === undefined || pattern === before.pattern) return undefined
  if (valuesOf(before)?.every((choice) => matchesPattern(pattern, choice))) return undefined
  return `it must match ${pattern} now`
}

const WORDS = { min: 'at least', max: 'at most' }

function boundProblem(before: Variable, after: Variable, side: 'min' | 'max'): string | undefined {
  const bound = after[side]
  if (bound === undefined) return undefined
  const isWithin = (value: number) => (side === 'min' ? value >= bound : value <= bound)
  const held = before[side]
  // A bound counts characters, items, or is the number itself: only those of one kind compare.
  if (held !== undefined && measureOf(before.type) === measureOf(after.type) && isWithin(held))
    return undefined
  if (valuesOf(before)?.every((choice) => isWithin(choice.length))) return undefined
  return `it must be ${WORDS[side]} ${bound} now`
}

function measureOf(type: VariableType): 'number' | 'characters' | 'items' {
  if (type === 'number' || type === 'integer') return 'number'
  return type === 'array' || type === 'messages' ? 'items' : 'characters'
}

function a(type: VariableType): string {
  if (type === 'messages') return 'a list of messages'
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`
}

function quoted(text: string): string {
  return `"${text.length > 40 ? `${text.slice(0, 40)}…` : text}"`
}

function rest(all: readonly string[]): string {
  return all.length > 5 ? ` and ${all.length - 5} more` : ''
}
