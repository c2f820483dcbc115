import { type Expression, filter, value } from '../../tree.ts'

/** A list of texts is a text that is split. */
export function listOf(items: readonly Expression[]): Expression | undefined {
  const texts = items.flatMap((item) =>
    item.is === 'value' && typeof item.value === 'string' ? [item.value] : [],
  )
  const separator = [',', ';', '|', '\n'].find((sign) => !texts.some((text) => text.includes(sign)))
  if (texts.length < items.length || texts.at(-1) === '' || separator === undefined) return undefined
  return filter(value(texts.join(separator)), 'split', value(separator))
}

/** One less than a number. */
export function oneLess(of: Expression): Expression {
  // `range(1, n + 1)` goes up to n.
  if (of.is === 'filter' && of.name === 'plus' && of.args[0]?.is === 'value' && of.args[0].value === 1)
    return of.of
  return filter(of, 'minus', value(1))
}

const NUMBER_FILTERS = new Set(
  'plus minus times divided_by modulo floor round abs to_integer size sum'.split(' '),
)
const LIST_FILTERS = new Set('split map where reject sort reverse uniq concat'.split(' '))

/** What an expression surely is. */
export function kindOf(
  of: Expression,
  known?: ReadonlyMap<string, 'string' | 'number' | 'list' | undefined>,
): 'string' | 'number' | 'list' | undefined {
  if (of.is === 'variable') return known?.get(of.name)
  if (of.is === 'local')
    return of.local.type === 'number' || of.local.type === 'string' ? of.local.type : undefined
  if (of.is === 'value')
    return typeof of.value === 'string' ? 'string' : typeof of.value === 'number' ? 'number' : undefined
  if (of.is === 'loop') return 'number'
  if (of.is === 'member') return of.key.is === 'value' && of.key.value === 'size' ? 'number' : undefined
  if (of.is === 'choose') return kindOf(of.held) ?? kindOf(of.otherwise)
  if (of.is !== 'filter' || ['first', 'last', 'slice', 'default'].includes(of.name)) return undefined
  return NUMBER_FILTERS.has(of.name) ? 'number' : LIST_FILTERS.has(of.name) ? 'list' : 'string'
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }

/** The text that a string stands for, with its quotes. */
export function unescaped(written: string): string {
  return written.slice(1, -1).replace(/\\(u[\da-fA-F]{4}|x[\da-fA-F]{2}|[^])/g, (_, code: string) => {
    if (code.length > 1) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    return ESCAPES[code] ?? (/["'\\\n]/.test(code) ? (code === '\n' ? '' : code) : `\\${code}`)
  })
}
