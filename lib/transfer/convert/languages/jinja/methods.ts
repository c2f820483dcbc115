import { type Expression, filter, member, value } from '../../tree.ts'
import { argument, type Call, type Write } from './filters.ts'

function plain(name: string): Write {
  return ({ of, args, named }) => (args.length === 0 && named.size === 0 ? filter(of, name) : undefined)
}

const first = ({ args }: Call) => args[0]

/** Whether a text begins or ends with a known one. */
function atEnd(isEnd: boolean): Write {
  return (call) => {
    const part = first(call)
    if (part?.is !== 'value' || typeof part.value !== 'string' || part.value === '') return undefined
    const length = Array.from(part.value).length
    const cut = filter(call.of, 'slice', value(isEnd ? -length : 0), value(length))
    return { is: 'compare', operator: '==', left: cut, right: part }
  }
}

/** `d.get("k", other)` */
const get: Write = ({ of, args }) => {
  const [key, other] = args
  if (!key) return undefined
  const found: Expression = { is: 'member', of, key }
  return other ? { is: 'choose', test: { is: 'given', of: found }, held: found, otherwise: other } : found
}

/** `", ".join(list)` */
const joinOf: Write = (call) => {
  const list = first(call)
  return list && filter(list, 'join', call.of)
}

const replaceAll: Write = ({ of, args }) =>
  args[0] && args[1] && args.length === 2 ? filter(of, 'replace', args[0], args[1]) : undefined

const split: Write = (call) => {
  const by = first(call) ?? (call.args.length === 0 ? value(' ') : undefined)
  return by && call.args.length < 2 ? filter(call.of, 'split', by) : undefined
}

/** Methods of Python's texts and dictionaries. */
export const PYTHON_METHODS: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['upper', plain('upcase')],
  ['lower', plain('downcase')],
  ['capitalize', plain('capitalize')],
  ['strip', plain('strip')],
  ['lstrip', plain('lstrip')],
  ['rstrip', plain('rstrip')],
  ['replace', replaceAll],
  ['split', split],
  ['join', joinOf],
  ['startswith', atEnd(false)],
  ['endswith', atEnd(true)],
  ['get', get],
])

const includes: Write = (call) => {
  const part = first(call)
  return part && { is: 'compare', operator: 'contains', left: call.of, right: part }
}

const slice: Write = ({ of, args }) => sliceOf(of, args[0], args[1])

/** Methods of JavaScript's texts and lists. */
export const SCRIPT_METHODS: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['toUpperCase', plain('upcase')],
  ['toLowerCase', plain('downcase')],
  ['trim', plain('strip')],
  ['trimStart', plain('lstrip')],
  ['trimEnd', plain('rstrip')],
  ['replaceAll', replaceAll],
  [
    'replace',
    ({ of, args }) => (args[0] && args[1] ? filter(of, 'replace_first', args[0], args[1]) : undefined),
  ],
  ['split', ({ of, args }) => (args[0] && args.length === 1 ? filter(of, 'split', args[0]) : undefined)],
  ['join', (call) => filter(call.of, 'join', argument(call, 0, 'separator') ?? value(','))],
  ['includes', includes],
  ['startsWith', atEnd(false)],
  ['endsWith', atEnd(true)],
  ['slice', slice],
])

/** Enough for any text or list. */
const EVERYTHING = 1_000_000

/** A part from one place to another; undefined where it is counted from the end in a way that nothing says here. */
export function sliceOf(of: Expression, from?: Expression, to?: Expression): Expression | undefined {
  const start = from ? constant(from) : 0
  const end = to ? constant(to) : EVERYTHING
  if (start === undefined || end === undefined || start < 0 || end < 0) return undefined
  return filter(of, 'slice', value(start), value(Math.max(0, end - start)))
}

function constant(of: Expression): number | undefined {
  return of.is === 'value' && typeof of.value === 'number' && Number.isInteger(of.value)
    ? of.value
    : undefined
}

/** Members of JavaScript that are called otherwise here. */
export function scriptMember(of: Expression, name: string): Expression {
  return member(of, name === 'length' ? 'size' : name)
}
