import type { Block, Content, Program, Statement, Strip } from './syntax.ts'

/*
 * White space as Handlebars settles it: `~` drops what is beside it, and a tag that has a line for itself takes the
 * line with it. The order of the steps is the engine's, for each of them sees what the ones before it left.
 */

/** Settles the white space of a whole template, in place. */
export function settleWhitespace(program: Program): void {
  settleProgram(program, true)
}

interface Standing extends Strip {
  opens?: boolean
  closes?: boolean
  inline?: boolean
}

function settleProgram(program: Program | undefined, isRoot: boolean): void {
  for (const [index, statement] of program?.body.entries() ?? []) {
    const standing = standingOf(statement)
    if (program && standing) settleStatement(program.body, index, standing, isRoot)
  }
}

function settleStatement(body: Statement[], index: number, standing: Standing, isRoot: boolean): void {
  const isAloneBefore = isBlankBefore(body, index, isRoot)
  const isAloneBehind = isBlankBehind(body, index, isRoot)
  const statement = body[index] as Statement
  if (standing.close) dropBehind(body, index, true)
  if (standing.open) dropBefore(body, index, true)
  if (standing.inline && isAloneBefore && isAloneBehind) {
    dropBehind(body, index, false)
    const before = body[index - 1]
    if (dropBefore(body, index, false) && statement.type === 'partial' && before?.type === 'content')
      statement.indent = blankEnd(before.original)
  }
  if (statement.type !== 'block') return
  if (standing.opens && isAloneBefore) {
    dropBehind((statement.program ?? statement.inverse)?.body ?? [], -1, false)
    dropBefore(body, index, false)
  }
  if (standing.closes && isAloneBehind) {
    dropBehind(body, index, false)
    const last = (statement.inverse ?? statement.program)?.body ?? []
    dropBefore(last, last.length, false)
  }
}

function blankEnd(text: string): string {
  return text.slice(text.length - (text.length - trimBlanksEnd(text).length))
}

function standingOf(statement: Statement): Standing | undefined {
  if (statement.type === 'content') return undefined
  if (statement.type === 'block') return settleBlock(statement)
  if (statement.type === 'output') return statement.strip
  return { ...statement.strip, inline: true }
}

function settleBlock(block: Block): Standing {
  settleProgram(block.program, false)
  settleProgram(block.inverse, false)
  const program = (block.program ?? block.inverse) as Program
  const inverse = block.program && block.inverse
  const first = inverse?.isChained ? (chainedProgram(inverse) ?? inverse) : inverse
  const standing: Standing = {
    open: block.openStrip.open,
    close: block.closeStrip.close,
    opens: isBlankBehind(program.body, -1, false),
    closes: isBlankBefore((first ?? program).body, (first ?? program).body.length, false),
  }
  if (block.openStrip.close) dropBehind(program.body, -1, true)
  if (!inverse || !first) {
    if (block.closeStrip.open) dropBefore(program.body, program.body.length, true)
    return standing
  }
  if (block.inverseStrip.open) dropBefore(program.body, program.body.length, true)
  if (block.inverseStrip.close) dropBehind(first.body, -1, true)
  if (block.closeStrip.open) {
    const last = lastOf(inverse)
    dropBefore(last.body, last.body.length, true)
  }
  if (isBlankBefore(program.body, program.body.length, false) && isBlankBehind(first.body, -1, false)) {
    dropBefore(program.body, program.body.length, false)
    dropBehind(first.body, -1, false)
  }
  return standing
}

/** The program of the `{{else if}}` that an inverse consists of. */
function chainedProgram(inverse: Program): Program | undefined {
  const [first] = inverse.body
  return first?.type === 'block' ? first.program : undefined
}

function lastOf(inverse: Program): Program {
  let last = inverse
  while (last.isChained) {
    const next = last.body.at(-1)
    if (next?.type !== 'block' || !next.program) return last
    last = next.program
  }
  return last
}

/** Whether nothing but blanks stands between the last line break and a place. */
function isBlankBefore(body: readonly Statement[], index: number, isRoot: boolean): boolean {
  const before = body[index - 1]
  if (!before) return isRoot
  if (before.type !== 'content') return false
  const blank = before.original.trimEnd()
  const hasBreak = before.original.includes('\n', blank.length)
  return hasBreak || (blank === '' && isRoot && body[index - 2] === undefined)
}

function isBlankBehind(body: readonly Statement[], index: number, isRoot: boolean): boolean {
  const behind = body[index + 1]
  if (!behind) return isRoot
  if (behind.type !== 'content') return false
  const rest = behind.original.trimStart()
  const hasBreak = behind.original.slice(0, behind.original.length - rest.length).includes('\n')
  return hasBreak || (rest === '' && isRoot && body[index + 2] === undefined)
}

function dropBehind(body: readonly Statement[], index: number, isAll: boolean): void {
  const behind = body[index + 1]
  if (behind?.type !== 'content' || (!isAll && behind.isRightStripped)) return
  const left = isAll ? behind.value.trimStart() : behind.value.replace(/^[ \t]*\n?/, '')
  behind.isRightStripped = left !== behind.value
  behind.value = left
}

function dropBefore(body: readonly Statement[], index: number, isAll: boolean): boolean {
  const before: Statement | undefined = body[index - 1]
  if (before?.type !== 'content' || (!isAll && before.isLeftStripped)) return false
  return drop(before, isAll)
}

function drop(before: Content, isAll: boolean): boolean {
  const left = isAll ? before.value.trimEnd() : trimBlanksEnd(before.value)
  before.isLeftStripped = left !== before.value
  before.value = left
  return before.isLeftStripped
}

function trimBlanksEnd(text: string): string {
  let end = text.length
  while (end > 0 && (text[end - 1] === ' ' || text[end - 1] === '\t')) end--
  return text.slice(0, end)
}
