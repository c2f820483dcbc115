import type { Variable } from '../../liquid/variable.ts'
import { breaksCaller, type ContractChange } from './contract-changes.ts'
import type { BreakingChange, Caller } from './schema.ts'

/** What one caller did with one set of variables, as it is counted by day. */
export interface CallerRow {
  client: string | null
  actor: { id: string; kind: string; display: string }
  surface: string
  /** Sorted names with commas between them; `*`: one of many sets; null: nothing was rendered. */
  variables: string | null
  uses: number
  failed: number
  last_at: Date
}

/** Names that a change of the contract tells. */
const NAMES = 20
/** Stands for sets that were too many to be kept apart. */
const MANY = '*'

/**
 * Tells callers apart and which of them another version would refuse. What the version in use refuses already is no
 * loss, so it does not count.
 * @param inUse variables of the version that they use
 */
export function judgeCallers(
  rows: readonly CallerRow[],
  changes: readonly ContractChange[],
  inUse: readonly Variable[],
): { callers: Caller[]; breaking: BreakingChange[] } {
  const found = new Map<string, Caller>()
  for (const row of rows) {
    const key = [row.client ?? '', row.actor.id, row.surface].join('\0')
    const caller = found.get(key) ?? newCaller(row)
    found.set(key, caller)
    addRow(caller, row, changes, inUse)
  }
  const callers = [...found.values()].toSorted(byWeight)
  return { callers, breaking: breakingOf(callers, changes, ({ name }) => name) }
}

/** The changes, each with those whom it breaks. */
export function breakingOf(
  callers: readonly Caller[],
  changes: readonly ContractChange[],
  nameOf: (caller: Caller) => string,
): BreakingChange[] {
  return changes.map(({ variable, change, message }) => ({
    variable,
    change,
    message,
    callers: callers
      .filter(({ breaks }) => breaks.includes(variable))
      .slice(0, NAMES)
      .map(nameOf),
  }))
}

function newCaller({ client, actor, surface }: CallerRow): Caller {
  const name = client === null ? actor.display : `${client} (${actor.display})`
  const nothing = { uses: 0, failed: 0, last_used_at: new Date(0).toISOString(), variables: [], breaks: [] }
  return { name, client, actor, surface, ...nothing }
}

function addRow(
  caller: Caller,
  { variables, uses, failed, last_at }: CallerRow,
  changes: readonly ContractChange[],
  inUse: readonly Variable[],
): void {
  caller.uses += uses
  caller.failed += failed
  if (last_at.toISOString() > caller.last_used_at) caller.last_used_at = last_at.toISOString()
  if (variables === null) return
  const isOneOfMany = variables === MANY
  const given = new Set(isOneOfMany || variables === '' ? [] : variables.split(','))
  caller.variables = [...new Set([...caller.variables, ...given])].toSorted()
  if (uses === failed || !(isOneOfMany || isTaken(given, inUse))) return
  const broken = changes
    .filter((change) => isOneOfMany || breaksCaller(change, given))
    .map((change) => change.variable)
  caller.breaks = [...new Set([...caller.breaks, ...broken])]
}

/** Whether the version in use takes such a set. */
function isTaken(given: ReadonlySet<string>, inUse: readonly Variable[]): boolean {
  const declared = new Set(inUse.map(({ name }) => name))
  const isDeclared = [...given].every((name) => declared.has(name))
  return isDeclared && inUse.every(({ name, required }) => !required || given.has(name))
}

function byWeight(a: Caller, b: Caller): number {
  return Number(b.breaks.length > 0) - Number(a.breaks.length > 0) || b.uses - a.uses || compare(a, b)
}

function compare(a: Caller, b: Caller): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
