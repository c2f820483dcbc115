import type { Reading } from '../../reading.ts'
import { type Expression, filter, member, value } from '../../tree.ts'
import type { Flavor } from './flavor.ts'

/** A call of a filter, a method or a test: what stands before it, and its arguments. */
export interface Call {
  name: string
  of: Expression
  args: Expression[]
  named: ReadonlyMap<string, Expression>
  at: number
}
export interface CallContext {
  reading: Reading
  flavor: Flavor
}
/** undefined: it cannot be said. */
export type Write = (call: Call, context: CallContext) => Expression | undefined

function plain(name: string): Write {
  return ({ of, args, named }) => (args.length === 0 && named.size === 0 ? filter(of, name) : undefined)
}
const same: Write = ({ of, args }) => (args.length === 0 ? of : undefined)
const size: Write = ({ of }) => member(of, 'size')

/** An argument by its place or its name. */
export function argument({ args, named }: Call, place: number, name: string): Expression | undefined {
  return args[place] ?? named.get(name)
}

function isTrue(of: Expression | undefined): boolean {
  return of?.is === 'value' && of.value === true
}

const byDefault: Write = (call, { reading }) => {
  const { of } = call
  const other = argument(call, 0, 'default_value') ?? value('')
  if (isTrue(argument(call, 1, 'boolean'))) return { is: 'choose', test: of, held: of, otherwise: other }
  // What a variable is when it is not given is said where it is declared.
  if (of.is === 'variable' && other.is === 'value' && other.value !== null)
    reading.offerDefault(of.name, other.value)
  return { is: 'choose', test: { is: 'given', of }, held: of, otherwise: other }
}

const join: Write = (call) => {
  const attribute = argument(call, 1, 'attribute')
  const list = attribute ? filter(call.of, 'map', attribute) : call.of
  return filter(list, 'join', argument(call, 0, 'd') ?? value(''))
}

const replace: Write = ({ of, args, named }) => {
  const [what, put, count] = args
  if (!what || !put || named.size > 0) return undefined
  if (!count) return filter(of, 'replace', what, put)
  return count.is === 'value' && count.value === 1 ? filter(of, 'replace_first', what, put) : undefined
}

const json: Write = (call, { reading, flavor }) => {
  const indent = argument(call, 0, 'indent')
  if (flavor.name === 'jinja2' && !indent)
    reading.note(
      call.at,
      'JSON is written without blanks here, where Python puts one behind each comma and colon',
    )
  return filter(call.of, 'json', ...(indent ? [indent] : []))
}

const round: Write = (call, { reading, flavor }) => {
  if (call.args.length > 1 || call.named.has('method')) return undefined
  if (flavor.name === 'jinja2') reading.note(call.at, 'A rounded number is written without zeros at its end')
  const places = argument(call, 0, 'precision')
  return filter(call.of, 'round', ...(places ? [places] : []))
}

const map: Write = ({ of, args, named }) => {
  const attribute = named.get('attribute')
  return attribute && args.length === 0 ? filter(of, 'map', attribute) : undefined
}

function chosen(name: 'where' | 'reject'): Write {
  return ({ of, args, at }, { reading }) => {
    const [attribute, test, other] = args
    if (!attribute) return undefined
    if (!test) {
      reading.note(at, 'Only false and nothing are left out here: an empty text or 0 counts as true')
      return filter(of, name, attribute)
    }
    const isEqual = test.is === 'value' && ['equalto', 'eq', '=='].includes(String(test.value))
    return isEqual && other ? filter(of, name, attribute, other) : undefined
  }
}

const sum: Write = (call) => {
  const attribute = argument(call, 0, 'attribute')
  return filter(call.of, 'sum', ...(attribute ? [attribute] : []))
}

const sort: Write = (call, { reading, flavor }) => {
  const isJinja = flavor.name === 'jinja2'
  const reversed = argument(call, 0, isJinja ? 'reverse' : 'reversed')
  const attribute = argument(call, 2, isJinja ? 'attribute' : 'attr')
  if (!isTrue(argument(call, 1, 'case_sensitive')))
    reading.note(call.at, 'Capital letters are sorted before small ones here')
  const sorted = filter(call.of, 'sort', ...(attribute ? [attribute] : []))
  return isTrue(reversed) ? filter(sorted, 'reverse') : sorted
}

function extreme(end: 'first' | 'last'): Write {
  return ({ of, args, named }) =>
    args.length + named.size === 0 ? filter(filter(of, 'sort'), end) : undefined
}

/** Lines behind the first get blanks at their beginning; Jinja leaves empty lines as they are. */
const indent: Write = (call, { flavor }) => {
  const width = argument(call, 0, 'width') ?? value(4)
  const first = argument(call, 1, 'first') ?? argument(call, 1, 'indentfirst')
  if (width.is !== 'value' || call.args.length > 2 || call.named.has('blank') || first) return undefined
  const blanks = typeof width.value === 'number' ? ' '.repeat(Math.min(40, width.value)) : String(width.value)
  if (blanks === '') return call.of
  const moved = (of: Expression) => filter(of, 'replace', value('\n'), value(`\n${blanks}`))
  if (flavor.name === 'nunjucks') return moved(call.of)
  const emptied = (of: Expression) => filter(of, 'replace', value(`\n${blanks}\n`), value('\n\n'))
  const whole = emptied(emptied(moved(filter(call.of, 'append', value('\n')))))
  return filter(whole, 'remove_last', value(`\n${blanks}`))
}

const escape: Write = ({ of }, { flavor }) =>
  flavor.name === 'jinja2'
    ? filter(of, 'escape')
    : filter(filter(of, 'escape'), 'replace', value('&#34;'), value('&quot;'))

const attr: Write = ({ of, args }) => args[0] && { is: 'member', of, key: args[0] }

/** A list is what filters of lists give, or a value that is one already. */
const list: Write = ({ of, args }) => (args.length === 0 && of.is !== 'value' ? of : undefined)

export const FILTERS: ReadonlyMap<string, Write> = new Map<string, Write>([
  ['upper', plain('upcase')],
  ['lower', plain('downcase')],
  ['capitalize', plain('capitalize')],
  ['trim', plain('strip')],
  ['length', size],
  ['count', size],
  ['first', plain('first')],
  ['last', plain('last')],
  ['reverse', plain('reverse')],
  ['unique', plain('uniq')],
  ['abs', plain('abs')],
  ['int', plain('to_integer')],
  ['float', ({ of, args }) => (args.length === 0 ? filter(of, 'plus', value(0)) : undefined)],
  ['default', byDefault],
  ['d', byDefault],
  ['join', join],
  ['replace', replace],
  ['tojson', json],
  ['dump', json],
  ['round', round],
  ['map', map],
  ['selectattr', chosen('where')],
  ['rejectattr', chosen('reject')],
  ['sum', sum],
  ['sort', sort],
  ['min', extreme('first')],
  ['max', extreme('last')],
  ['indent', indent],
  ['escape', escape],
  ['e', escape],
  ['forceescape', escape],
  ['attr', attr],
  ['safe', same],
  ['string', same],
  ['list', list],
])
