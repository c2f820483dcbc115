import type { ErrorDetail } from '../../errors.ts'
import { allowedName } from '../analyse.ts'
import { rangesIn } from '../fault.ts'
import { FILTER_NAMES } from '../filters.ts'
import type { TemplateField, Warning } from '../types.ts'
import { type DialectContext, findDialects, rawFix } from './find.ts'
import type { Finding, Fix } from './finding.ts'
import { FILTERS_ELSEWHERE, NEEDLESS_FILTERS } from './known-names.ts'
import { nearest } from './nearest.ts'
import { Soundness } from './soundness.ts'

/** What an author is told besides what is wrong. */
export interface Advice {
  /** The problems, each with what to write instead where that is known. */
  problems: ErrorDetail[]
  /** What is legal here and means something else where it comes from. */
  warnings: Warning[]
  /** What can be done at the press of a button, by the problem or warning that it mends. */
  fixes: ReadonlyMap<ErrorDetail | Warning, Fix>
}

/** Problems of a text that was perhaps never meant to be read. */
const BROKEN: ReadonlySet<string> = new Set([
  'syntax',
  'incomplete_expression',
  'open_output',
  'missing_value',
  'unexpected_text',
  'dynamic_name',
  'unknown_operator',
  'open_string',
])
/** More buttons nobody presses one by one, and each is judged by reading the text. */
const MOST_FIXES = 30
const RAW_HINT =
  'Braces that are to be sent as they stand go between {% raw %} and {% endraw %}: a literal {{ is written {% raw %}{{{% endraw %}. The language is at /docs/templates'

/** Joins what was found of other languages with the problems of the same places. */
export function adviceOn(
  fields: readonly TemplateField[],
  context: DialectContext,
  found: readonly ErrorDetail[],
): Advice {
  const byField = findDialects(
    fields.map(({ text }) => text),
    context,
  )
  const fixes = new Map<ErrorDetail | Warning, Fix>()
  const told = new Set<Finding>()
  const judges = fields.map(({ text }) => new Soundness(text))
  const problems = found.map((problem) => {
    const at = fields.findIndex(({ path }) => isSamePath(path, problem.path))
    const finding = byField[at]?.find((each) => explains(each, problem))
    if (finding) told.add(finding)
    const hinted = withHint(problem, finding)
    const fix =
      finding?.fix ??
      (fixes.size < MOST_FIXES ? soundFix(problem, fields[at]?.text ?? '', judges[at]) : undefined)
    if (fix) fixes.set(hinted, fix)
    return hinted
  })
  const warnings = byField.flatMap((findings, index) => {
    const { path = [], text = '' } = fields[index] ?? {}
    const range = rangesIn(text)
    return findings.flatMap((finding): Warning[] => {
      const [place] = finding.places
      if (!finding.warns || told.has(finding) || place === undefined) return []
      const { code, message, hint, fix } = finding
      const warning = { code, message, path, range: range(place.start, place.end), hint }
      if (fix) fixes.set(warning, fix)
      return [warning]
    })
  })
  return { problems, warnings, fixes }
}

function isSamePath(left: ErrorDetail['path'], right: ErrorDetail['path']): boolean {
  return left.length === right.length && left.every((key, index) => key === right[index])
}

/** Whether a finding is about the place of a problem; what is legal explains only a variable that nobody meant. */
function explains(finding: Finding, { code, range }: ErrorDetail): boolean {
  if (range === undefined || (code === 'undeclared_variable' && !finding.warns)) return false
  return finding.places.some(({ start, end }) => start <= range.start && range.start < end)
}

function withHint(problem: ErrorDetail, finding: Finding | undefined): ErrorDetail {
  if (finding && (problem.hint === undefined || problem.code === 'undeclared_variable'))
    return { ...problem, hint: finding.hint }
  return problem.hint === undefined && BROKEN.has(problem.code) ? { ...problem, hint: RAW_HINT } : problem
}

/** A fix that leaves nothing wrong behind; a name that cannot be one gets a new one. */
function soundFix(problem: ErrorDetail, text: string, judge: Soundness | undefined): Fix | undefined {
  const fix = fixOf(problem, text)
  return fix && (problem.code === 'invalid_name' || judge?.allows(fix)) ? fix : undefined
}

function fixOf({ code, range }: ErrorDetail, text: string): Fix | undefined {
  if (range === undefined) return undefined
  const { start: from, end: to } = range
  const word = text.slice(from, to)
  if (code === 'invalid_name') return replaced(from, to, word, allowedName(word))
  if (code === 'unknown_filter') {
    if (NEEDLESS_FILTERS.has(word.toLowerCase())) return leftOut(text, from, to, word)
    const known = FILTERS_ELSEWHERE.get(word.toLowerCase())
    const filter = known ?? nearest(word, FILTER_NAMES)
    return replaced(from, to, word, filter !== undefined && /^\w+$/.test(filter) ? filter : undefined)
  }
  if (!BROKEN.has(code)) return undefined
  const fix = rawFix(text, from)
  return fix.edits?.length === 0 ? undefined : fix
}

function replaced(from: number, to: number, word: string, insert: string | undefined): Fix | undefined {
  return insert === undefined
    ? undefined
    : { label: `Turn ${word} into ${insert}`, edits: [{ from, to, insert }] }
}

/** A filter that nothing needs here goes with its bar. */
function leftOut(text: string, from: number, to: number, word: string): Fix {
  const bar = text.lastIndexOf('|', from)
  const start = text.slice(0, bar).trimEnd().length
  return { label: `Leave ${word} out`, edits: [{ from: start, to, insert: '' }] }
}
