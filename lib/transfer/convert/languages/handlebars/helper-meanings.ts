import { type CompareOperator, type Expression, filter, member, value } from '../../tree.ts'

type Helper = (args: Expression[], named: ReadonlyMap<string, Expression>) => Expression | undefined

function compared(operator: CompareOperator): Helper {
  return ([left, right]) => left && right && { is: 'compare', operator, left, right }
}

/** One filter: the first argument is what it is put on. */
function filtered(name: string, count: number): Helper {
  return ([of, ...args]) => (of && args.length === count ? filter(of, name, ...args) : undefined)
}

/** `or` and `and` give one of their values, where that is asked. */
function joint(is: 'and' | 'or'): Helper {
  return (items) => (items.length > 1 ? { is, items } : items[0])
}

const isEqual = compared('==')
const isOther = compared('!=')
const not: Helper = ([of]) => of && { is: 'not', of }

const json: Helper = ([of], named) => {
  const indent = named.get('indent')
  return of && filter(of, 'json', ...(indent ? [indent] : []))
}

const length: Helper = ([of]) => of && member(of, 'size')

const concat: Helper = ([first, ...more]) =>
  first && more.reduce<Expression>((text, next) => filter(text, 'append', next), first)

/** Words that texts of Handlebars compare with. */
const OPERATORS: ReadonlyMap<unknown, Helper> = new Map<unknown, Helper>([
  ['==', isEqual],
  ['===', isEqual],
  ['!=', isOther],
  ['!==', isOther],
  ['<', compared('<')],
  ['<=', compared('<=')],
  ['>', compared('>')],
  ['>=', compared('>=')],
  ['&&', joint('and')],
  ['||', joint('or')],
])

const byOperator: Helper = ([left, operator, right], named) => {
  const found = operator?.is === 'value' ? OPERATORS.get(operator.value) : undefined
  return left && right ? found?.([left, right], named) : undefined
}

function named(names: string, helper: Helper): [string, Helper][] {
  return names.split(' ').map((name) => [name, helper])
}

/** Helpers that everybody writes alike, by their usual names. */
export const HELPERS: ReadonlyMap<string, Helper> = new Map([
  ...named('eq equals is equal isEqual ifEquals ifEq if_eq', isEqual),
  ...named('ne neq noteq notEquals isnt unlessEquals unlessEq unless_eq', isOther),
  ...named('lt', compared('<')),
  ...named('lte le', compared('<=')),
  ...named('gt', compared('>')),
  ...named('gte ge', compared('>=')),
  ...named('and', joint('and')),
  ...named('or', joint('or')),
  ...named('not', not),
  ...named('compare ifCond ifcond', byOperator),
  ...named('contains includes', compared('contains')),
  ...named('json JSON toJSON toJson jsonify stringify JSONstringify json_encode', json),
  ...named('length len size count', length),
  ...named('uppercase upper upcase toUpperCase', filtered('upcase', 0)),
  ...named('lowercase lower downcase toLowerCase', filtered('downcase', 0)),
  ...named('trim', filtered('strip', 0)),
  ...named('join', filtered('join', 1)),
  ...named('concat', concat),
  ...named('add plus', filtered('plus', 1)),
  ...named('subtract minus', filtered('minus', 1)),
  ...named('multiply times', filtered('times', 1)),
  ...named('divide', filtered('divided_by', 1)),
  ...named('inc', ([of]) => of && filter(of, 'plus', value(1))),
  ...named('first', filtered('first', 0)),
  ...named('last', filtered('last', 0)),
])
