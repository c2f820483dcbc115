import { type Expression, filter, value } from '../../tree.ts'

type Test = (of: Expression, args: readonly Expression[]) => Expression | undefined

function given(isGiven: boolean): Test {
  return (of) => (isGiven ? { is: 'given', of } : { is: 'not', of: { is: 'given', of } })
}

function compared(operator: '==' | '!=' | '<' | '>' | '<=' | '>='): Test {
  return (of, [other]) => other && { is: 'compare', operator, left: of, right: other }
}

function remainder(of: Expression, by: Expression, is: number): Expression {
  return { is: 'compare', operator: '==', left: filter(of, 'modulo', by), right: value(is) }
}

/** Tests behind `is`, by their names. */
const TESTS: ReadonlyMap<string, Test> = new Map<string, Test>([
  ['defined', given(true)],
  ['undefined', given(false)],
  ['none', given(false)],
  ['None', given(false)],
  ['null', given(false)],
  ['true', (of) => ({ is: 'compare', operator: '==', left: of, right: value(true) })],
  ['false', (of) => ({ is: 'compare', operator: '==', left: of, right: value(false) })],
  ['odd', (of) => remainder(of, value(2), 1)],
  ['even', (of) => remainder(of, value(2), 0)],
  ['divisibleby', (of, [by]) => by && remainder(of, by, 0)],
  ...['eq', 'equalto', 'sameas'].map((name): [string, Test] => [name, compared('==')]),
  ['ne', compared('!=')],
  ...['gt', 'greaterthan'].map((name): [string, Test] => [name, compared('>')]),
  ...['lt', 'lessthan'].map((name): [string, Test] => [name, compared('<')]),
  ['ge', compared('>=')],
  ['le', compared('<=')],
  ['in', (of, [list]) => list && { is: 'compare', operator: 'contains', left: list, right: of }],
])

export function testOf(name: string, of: Expression, args: readonly Expression[]): Expression | undefined {
  return TESTS.get(name)?.(of, args)
}
