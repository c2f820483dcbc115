import { describe, expect, it } from 'vitest'
import type { Contract } from '../contract.ts'
import { RequestRecord } from '../door/message.ts'
import { asAppError } from '../door/problem.ts'
import { readInput } from './input.ts'
import { openApiDocument } from './openapi.ts'
import { DOCUMENTED, SCOPES } from './table.ts'

/** What programs take for numbers, and people do not write. */
const ODD = ['', ' ', ' 5 ', '+5', '0x10', '0b11', '0o7', '1e1', '5e-1', '5.', '1,000', '1_000', '1n', '٣']
const NO_NUMBER = ['true', 'null', 'NaN', 'Infinity', '-', 'ten', '5 6']

interface Schema {
  type?: string
  anyOf?: Schema[]
}

interface Parameter {
  contract: Contract
  place: 'query' | 'path'
  name: string
  isWhole: boolean
}

/** A number, or the text of one. */
function isNumber({ type, anyOf = [] }: Schema): boolean {
  return type === 'integer' || type === 'number' || anyOf.some((each) => each.type === 'integer')
}

const { paths = {} } = openApiDocument(DOCUMENTED, SCOPES)

/** The parameters in addresses that are numbers, as the OpenAPI document has them. */
const PARAMETERS: Parameter[] = DOCUMENTED.flatMap((contract) => {
  const method = contract.method.toLowerCase() as 'get'
  const described = paths[contract.path]?.[method]?.parameters ?? []
  return described.flatMap((each) => {
    if ('$ref' in each || (each.in !== 'query' && each.in !== 'path')) return []
    const schema = each.schema as Schema
    return isNumber(schema)
      ? [{ contract, place: each.in, name: each.name, isWhole: schema.type !== 'number' }]
      : []
  })
})

/** What is said of the parameter when this stands there, as often as it is given; undefined: it is taken. */
function faultOf({ contract, place, name }: Parameter, ...texts: string[]): string | undefined {
  const sent = texts.map(encodeURIComponent)
  const request = {
    id: 'r1',
    record: new RequestRecord(),
    method: contract.method,
    path: contract.path.replaceAll(/\{(\w+)\}/g, (_, each) => (each === name ? sent.join() : 'a')),
    search: place === 'query' ? sent.map((each) => `${name}=${each}`).join('&') : '',
    header: () => undefined,
    readBody: () => Promise.resolve(new Uint8Array()),
  }
  try {
    readInput(contract, request, new Uint8Array())
    return undefined
  } catch (error) {
    const { details } = asAppError(error)
    return details.find((each) => each.path[0] === name)?.message
  }
}

describe('a number in an address', () => {
  it('is of the kinds that there are', () => {
    const names = new Set(PARAMETERS.map(({ name }) => name))
    expect([...names].toSorted()).toEqual([
      '_version',
      'after',
      'cost_max',
      'cost_min',
      'latency_ms_max',
      'latency_ms_min',
      'limit',
      'page',
      'version',
    ])
  })

  it.each(PARAMETERS.map((each) => [each.contract.id, each.name, each] as const))(
    'of %s, %s, is what people write',
    (_id, _name, parameter) => {
      expect(faultOf(parameter, '1')).toBeUndefined()
      for (const odd of [...ODD, ...NO_NUMBER, ...(parameter.isWhole ? ['1.5', '1.0'] : [])]) {
        const said = odd === '' ? /^is empty: write a .*number.*, or leave it out$/ : `"${odd}" stands there`
        expect.soft(faultOf(parameter, odd), `${parameter.name}=${odd}`).toMatch(said)
      }
    },
  )

  it('is given once', () => {
    const limit = PARAMETERS.find(({ name }) => name === 'limit')
    expect(limit && faultOf(limit, '1', '2')).toBe('must be given once')
  })
})
