import type { Described, OpenApi, Parameter, Plan } from './plan.ts'
import { parameterOf, poolsOf, resolver } from './rest-plans.ts'
import { Known } from './schema-values.ts'
import { textPlaces } from './text-places.ts'
import { BROKEN_TEXTS, ODD_TEXTS } from './texts.ts'

/** A text for a place. */
export interface PlacedText {
  where: string
  /** What is odd about the text. */
  kind: string
  /** Whether nothing could store it, so that it has to be refused. */
  isBroken: boolean
  plan: Plan
}

/**
 * Every text for every place of every operation that a document describes; with `perPlace` so many of them,
 * others from place to place.
 */
export function textPlans(document: OpenApi, perPlace = Number.POSITIVE_INFINITY): PlacedText[] {
  const resolve = resolver(document)
  const places = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      const parameters = (operation.parameters ?? []).map((each) => parameterOf(document, each))
      const content = operation.requestBody?.content['application/json']
      const base = basePlan(path, method, operation, parameters)
      const bodies = content === undefined ? [] : textPlaces(resolve, content.schema)
      return [
        ...parameters.flatMap((parameter) => atParameter(base, parameter)),
        ...bodies.map(({ where, build }) => ({
          where: `${operation.operationId} body${where}`,
          plan: (text: string): Plan => ({ ...base, body: { json: merged(content?.example, build(text)) } }),
        })),
      ]
    }),
  )
  return places.flatMap(({ where, plan }, index) =>
    chosen(index, perPlace).map(([kind, text]) => ({
      where,
      kind,
      isBroken: kind in BROKEN_TEXTS,
      plan: plan(text),
    })),
  )
}

/** An example fills what the smallest value left out. */
function merged(example: unknown, value: unknown): unknown {
  return isObject(example) && isObject(value) ? { ...example, ...value } : value
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const ODD = Object.entries(ODD_TEXTS)
const BROKEN = Object.entries(BROKEN_TEXTS)

/** Some odd texts and, last, a broken one; each place takes others. */
function chosen(index: number, perPlace: number): [string, string][] {
  if (perPlace >= ODD.length) return [...ODD, ...BROKEN]
  const odd = Array.from({ length: perPlace - 1 }, (_, n) => ODD[(index * (perPlace - 1) + n) % ODD.length])
  return [...odd, BROKEN[index % BROKEN.length]].filter((each) => each !== undefined)
}

function basePlan(path: string, method: string, operation: Described, parameters: Parameter[]): Plan {
  const pools = poolsOf(path)
  const needsTag = parameters.some(({ name }) => name === 'If-Match')
  return {
    operationId: operation.operationId,
    method: method.toUpperCase(),
    path: path
      .split('/')
      .map((part) => (part.startsWith('{') ? { value: new Known(pools[part.slice(1, -1)] ?? '', 0) } : part)),
    query: [],
    headers: needsTag ? { 'If-Match': new Known('etag', 0) } : {},
    body:
      method === 'get'
        ? undefined
        : { json: operation.requestBody?.content['application/json']?.example ?? {} },
  }
}

function atParameter(
  base: Plan,
  { in: place, name }: Parameter,
): { where: string; plan: (text: string) => Plan }[] {
  const where = `${base.operationId} ${place} ${name}`
  if (place === 'query')
    return [
      { where, plan: (value) => ({ ...base, query: [{ name, value }] }) },
      { where: `${where} name`, plan: (text) => ({ ...base, query: [{ name: text, value: '1' }] }) },
    ]
  if (place === 'header')
    return [{ where, plan: (text) => ({ ...base, headers: { ...base.headers, [name]: text } }) }]
  const at = base.path.findIndex((part) => typeof part !== 'string')
  return [{ where, plan: (value) => ({ ...base, path: base.path.with(at, { value }) }) }]
}
