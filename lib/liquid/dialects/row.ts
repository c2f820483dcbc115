import { FILTER_NAMES } from '../filters.ts'
import { FILTERS_ELSEWHERE, NEEDLESS_FILTERS } from './known-names.ts'
import type { Piece } from './pieces.ts'

/** What a row's pattern found inside one pair of braces. */
export interface Match {
  piece: Piece
  /** The inside as it is written. */
  source: string
  /** The groups of the pattern as they are written, the whole match first; '' for one that took no part. */
  groups: string[]
}

/** One construct of another language that stands in `{{ }}` or `{% %}`. */
export interface Row {
  code: string
  /** The language that it belongs to, as its users name it. */
  dialect: string
  in: Piece['kind']
  /** Over the inside, in which quoted characters are replaced; with the flag `d`. */
  pattern: RegExp
  /** What was seen, when that is not the construct as it is written. */
  seen?: (match: Match) => string
  write: (match: Match) => string
  /** It is legal here, so that nobody would tell its author. */
  warns?: boolean
  fix?: {
    label: string
    /** The new inside, or with `whole` what takes the place of braces and all; undefined: not this one. */
    make: (match: Match) => string | undefined
    whole?: boolean
  }
}

/** Puts the inside between braces and `raw` around them. */
export const WRAP_IN_RAW = 'Wrap in raw'

export function firstGroup({ groups }: Match): string {
  return groups[1] ?? ''
}

/** Whether a text is a name or a path of names, a number or a quoted text: what can stand as one value. */
export function isValue(text: string): boolean {
  return /^(?:[A-Za-z]\w*(?:\.\w+|\[(?:\d+|"[^"]*"|'[^']*')\])*|-?\d+(?:\.\d+)?|"[^"]*"|'[^']*')$/.test(text)
}

/** Changes what stands outside of quotes, whose texts are nobody's code. */
export function outsideQuotes(source: string, change: (code: string) => string): string {
  return source
    .split(/("[^"]*"|'[^']*')/)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('')
}

const SIGNS: Readonly<Record<string, string>> = {
  '&&': 'and',
  '||': 'or',
  '===': '==',
  '!==': '!=',
}

/** A condition of JavaScript with the operators of this language. */
export function scriptSigns(source: string): string {
  return outsideQuotes(source, (code) =>
    code.replace(/\s*(&&|\|\||!==|===)\s*|!(?=[A-Za-z])/g, (_all, sign: string | undefined) =>
      sign === undefined ? 'not ' : ` ${SIGNS[sign]} `,
    ),
  )
}

/** A length that stands where a condition asks for truth: there a number is always true. */
const BARE_SIZE = /((?:^(?:if|elsif|unless)|\b(?:and|or))\s+[A-Za-z][\w.[\]]*\.size)(?=\s*$|\s+(?:and|or)\b)/g

export function withCounts(code: string): string {
  return code.replace(BARE_SIZE, '$1 > 0')
}

/** Arguments of a call by the names of its parameters, as they are written. */
type Given = Readonly<Partial<Record<string, string>>>

/**
 * Filters and methods whose parameters are not those of the filter of that name here: the names of the parameters
 * in their order (a star: by name alone), and the filter, undefined where none does the same.
 */
const CALLS: readonly [
  names: readonly string[],
  parameters: readonly string[],
  write: (given: Given) => string | undefined,
][] = [
  [
    ['default', 'd'],
    ['default_value', 'boolean'],
    ({ default_value: value, boolean = 'true' }) =>
      value && /^(?:true|false)$/i.test(boolean) ? `default: ${value}` : undefined,
  ],
  [['tojson', 'to_json'], ['indent'], ({ indent }) => (indent ? `json: ${indent}` : 'json')],
  [['map'], ['*attribute'], ({ attribute }) => attribute && `map: ${attribute}`],
  [['sum'], ['attribute'], ({ attribute }) => (attribute ? `sum: ${attribute}` : 'sum')],
  [
    ['sort'],
    ['*attribute', '*reverse'],
    ({ attribute, reverse = 'false' }) =>
      `sort${attribute ? `: ${attribute}` : ''}${/^true$/i.test(reverse) ? ' | reverse' : ''}`,
  ],
  [
    ['join'],
    ['d', 'attribute'],
    ({ d = '""', attribute }) => `${attribute ? `map: ${attribute} | ` : ''}join: ${d}`,
  ],
  [
    ['round'],
    ['precision', 'method'],
    ({ precision, method = '"common"' }) =>
      method.slice(1, -1) === 'common' ? `round${precision ? `: ${precision}` : ''}` : undefined,
  ],
  [
    ['truncate'],
    ['length', 'killwords', 'end'],
    ({ length, end }) => length && `truncate: ${length}${end ? `, ${end}` : ''}`,
  ],
  [['selectattr'], ['member', 'test', 'value'], chosenBy('where')],
  [['rejectattr'], ['member', 'test', 'value'], chosenBy('reject')],
  [['split'], ['separator'], ({ separator = '" "' }) => `split: ${separator}`],
  [['slice'], ['start', 'length'], ({ start, length }) => length && `slice: ${start}, ${length}`],
  [['select', 'reject', 'filter', 'attr', 'find', 'has', 'where'], [], () => undefined],
]

function chosenBy(filter: string) {
  return ({ member, test, value }: Given) => {
    if (member === undefined || test === undefined) return member && `${filter}: ${member}`
    return value && /^["'](?:equalto|==|eq|sameas)["']$/.test(test)
      ? `${filter}: ${member}, ${value}`
      : undefined
  }
}

/**
 * A call of another language as a filter of this one.
 * @param args what stands in its parentheses
 * @returns '' for what is not needed here, undefined where nothing does the same
 */
export function filterOfCall(name: string, args: string): string | undefined {
  const lower = name.toLowerCase()
  if (NEEDLESS_FILTERS.has(lower)) return ''
  const given = args.trim() === '' ? [] : splitOutside(args, ',').map((each) => argumentOf(each.trim()))
  if (given.some(({ value }) => !isValue(value))) return undefined
  const known = CALLS.find(([names]) => names.includes(lower))
  if (known) {
    const bound = bind(known[1], given)
    return bound && known[2](bound)
  }
  const filter = FILTER_NAMES.includes(name) ? name : FILTERS_ELSEWHERE.get(lower)
  if (filter === undefined || given.some(({ key }) => key !== undefined)) return undefined
  return given.length === 0 ? filter : `${filter}: ${given.map(({ value }) => value).join(', ')}`
}

function argumentOf(written: string): { key: string | undefined; value: string } {
  const named = /^(\w+)\s*=\s*(?!=)(.+)$/.exec(written)
  return { key: named?.[1], value: named?.[2] ?? written }
}

/** Undefined when there are too many, or names that it does not have. */
function bind(
  parameters: readonly string[],
  given: readonly ReturnType<typeof argumentOf>[],
): Given | undefined {
  const names = parameters.map((each) => each.replace('*', ''))
  const bound: Record<string, string> = {}
  for (const [index, { key, value }] of given.entries()) {
    const name = key ?? (parameters[index]?.startsWith('*') ? undefined : names[index])
    if (name === undefined || !names.includes(name)) return undefined
    bound[name] = value
  }
  return bound
}

/** Filters as Jinja and Twig call them, as they are written here; undefined when one has no counterpart. */
export function liquidFilters(source: string): string | undefined {
  const [value = '', ...filters] = splitOutside(source, '|')
  const made = filters.map((filter) => {
    const call = /^\s*(\w+)\s*(?:\((.*)\))?\s*$/s.exec(filter)
    return call ? filterOfCall(call[1] ?? '', call[2] ?? '') : filter.trim()
  })
  if (made.includes(undefined)) return undefined
  return [value.trim(), ...made.filter((each) => each !== '')].join(' | ')
}

/** Splits at a sign that stands outside of quotes and parentheses. */
function splitOutside(source: string, sign: string): string[] {
  const parts = ['']
  let depth = 0
  for (const [piece] of source.matchAll(/"[^"]*"|'[^']*'|[^]/g)) {
    if (piece === '(') depth++
    else if (piece === ')') depth--
    if (piece === sign && depth === 0) parts.push('')
    else parts.push((parts.pop() ?? '') + piece)
  }
  return parts
}
