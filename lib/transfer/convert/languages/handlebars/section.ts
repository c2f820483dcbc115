import type { Reading } from '../../reading.ts'
import type { Argument, Block, Call, Program } from './syntax.ts'

export type SectionKind = 'condition' | 'list' | 'object'

/** What a section seems to be, for its value decides that while it is rendered. */
export function sectionKind(block: Block, reading: Reading): SectionKind {
  const { callee } = block.call
  const name = callee.type === 'path' ? (callee.parts.at(-1) ?? '') : ''
  const known =
    callee.type === 'path' && callee.parts.length === 1 ? reading.options.types?.get(name) : undefined
  if (known === 'array') return 'list'
  if (known === 'object') return 'object'
  if (known !== undefined && known !== 'unknown') return 'condition'
  const names = new Set<string>()
  namesIn(block.program, names)
  if (names.has('.')) return 'list'
  return kindByNames(name, names)
}

/** Tells by the names alone. */
export function kindByNames(name: string, names: ReadonlySet<string>): SectionKind {
  if (names.size === 0 || names.has(name)) return 'condition'
  if (
    /^(?:has|is|are|show|use|include|with|enable|should|can|if|no|not|allow|need|want)(?=[A-Z_])/.test(name)
  )
    return 'condition'
  return /[^s]s$|list$|items$|array$/i.test(name) ? 'list' : 'object'
}

/** What should be known of a section whose value may be an object, or a condition that changes nothing within it. */
export function partsNote(name: string, names: readonly string[]): string {
  const parts = names.map((each) => `"${name}.${each}"`).join(', ')
  return `{{#${name}}} may be a condition or an object; it is read as an object, with ${parts}`
}

/** Names that a block reads. */
export function namesWithin(block: Block): string[] {
  const names = new Set<string>()
  namesIn(block.program, names)
  return [...names]
}

function namesIn(program: Program | undefined, names: Set<string>): void {
  for (const statement of program?.body ?? []) {
    if (statement.type === 'output') namesOf(statement.call, names)
    if (statement.type !== 'block') continue
    namesOf(statement.call, names)
    namesIn(statement.program, names)
    namesIn(statement.inverse, names)
  }
}

function namesOf(call: Call, names: Set<string>): void {
  for (const each of [call.callee, ...call.args]) nameOf(each, names)
}

function nameOf(argument: Argument, names: Set<string>): void {
  if (argument.type === 'call') namesOf(argument, names)
  if (argument.type !== 'path' || argument.isData || argument.up > 0) return
  names.add(argument.parts[0] ?? '.')
}
