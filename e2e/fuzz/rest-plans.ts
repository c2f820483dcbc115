import fc from 'fast-check'
import { headersOf } from './header-values.ts'
import type { Described, OpenApi, Parameter, Plan } from './plan.ts'
import { Known, type Making, nearlyValid, type Schema, validValue, wildValue } from './schema-values.ts'
import { anyText, EDGE_TEXTS } from './texts.ts'

/** What names something that exists, by the name of the parameter or member. */
const POOLS: Readonly<Record<string, string>> = {
  prompt: 'prompt',
  names: 'prompt',
  name: 'prompt',
  slug: 'category',
  slugs: 'category',
  category: 'category',
  into: 'category',
  label: 'label',
  _label: 'label',
  labels: 'label',
  tag: 'tag',
  tags: 'tag',
  version: 'version',
  _version: 'version',
  example: 'example',
  id: 'generation',
  batch: 'batch',
  configuration: 'configuration',
  configurations: 'configuration',
  fallback: 'configuration',
  provider: 'provider',
  base_url: 'base_url',
  model: 'model',
  actor: 'actor',
  target: 'prompt',
  cursor: 'cursor',
  timezone: 'timezone',
}

/** Operations that take away what others need: asked for less often. */
const RARE = /^(archivePrompt|delete|mergeCategory|bulkPrompts|followChanges|followGeneration)/

/** Requests for every operation of a document, and for methods that its paths do not have. */
export function restPlans(document: OpenApi): fc.Arbitrary<Plan> {
  const resolve = resolver(document)
  const plans = Object.entries(document.paths).flatMap(([path, methods]) => [
    ...Object.entries(methods).map(([method, operation]) => ({
      weight: RARE.test(operation.operationId) ? 1 : method === 'get' ? 4 : 5,
      arbitrary: planOf({ document, resolve, path, method, operation }),
    })),
    { weight: 1, arbitrary: foreignMethod(path, methods, resolve) },
  ])
  return fc.oneof(...plans)
}

interface Place {
  document: OpenApi
  resolve: Making['resolve']
  path: string
  method: string
  operation: Described
}

function planOf({ document, resolve, path, method, operation }: Place): fc.Arbitrary<Plan> {
  const making = { resolve, pools: poolsOf(path) }
  const parameters = (operation.parameters ?? []).map((each) => parameterOf(document, each))
  const content = operation.requestBody?.content['application/json']
  const isRead = method === 'get'
  return fc.record({
    operationId: fc.constant(operation.operationId),
    method: fc.constant(method.toUpperCase()),
    path: pathOf(path, making),
    query: queryOf(parameters, making),
    headers: headersOf(parameters, isRead),
    body: isRead ? fc.constant(undefined) : bodyOf(content, making),
  })
}

/** Finds what a `$ref` of a document names. */
export function resolver(document: OpenApi): Making['resolve'] {
  return function resolve(schema: Schema): Schema {
    const name = schema.$ref?.split('/').at(-1)
    const found = name === undefined ? undefined : document.components.schemas[name]
    return found === undefined ? schema : resolve(found)
  }
}

/** A parameter, wherever it is described. */
export function parameterOf(document: OpenApi, parameter: Parameter): Parameter {
  const name = parameter.$ref?.split('/').at(-1)
  return (name === undefined ? undefined : document.components.parameters[name]) ?? parameter
}

/** What the parameters and members of a path's operations name. */
export function poolsOf(path: string): Record<string, string> {
  if (path.startsWith('/api/ai/')) return { ...POOLS, name: 'configuration' }
  if (path.startsWith('/api/generations/batch')) return { ...POOLS, id: 'batch' }
  return POOLS
}

const wildText = fc.oneof(anyText, fc.constantFrom(...EDGE_TEXTS))

function pathOf(template: string, { pools }: Making): fc.Arbitrary<Plan['path']> {
  const parts = template.split('/').map((part) => {
    if (!part.startsWith('{')) return fc.constant(part)
    const pool = pools[part.slice(1, -1)] ?? 'prompt'
    const known = fc.nat(1000).map((pick) => ({ value: new Known(pool, pick) }))
    const wild = wildText.map((value) => ({ value }))
    const broken = fc.constantFrom(
      '%',
      '%zz',
      '%00',
      '%ED%A0%80',
      '%C0%AF',
      '..',
      '%2e%2e',
      'a%2Fb',
      '%F4%90%80%80',
    )
    return fc.oneof(
      { weight: 14, arbitrary: known },
      { weight: 3, arbitrary: wild },
      { weight: 1, arbitrary: broken },
    )
  })
  return fc.tuple(...parts)
}

function queryOf(parameters: Parameter[], making: Making): fc.Arbitrary<Plan['query']> {
  const asked = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema, required }) => {
      const value = fc.oneof(
        { weight: 5, arbitrary: validValue(making, schema, name) },
        { weight: 2, arbitrary: wildText },
      )
      const pair = value.map((each) => ({ name, value: each }))
      const times = fc.oneof(
        { weight: required === true ? 1 : 18, arbitrary: fc.constant(0) },
        { weight: 9, arbitrary: fc.constant(1) },
        { weight: 1, arbitrary: fc.constant(2) },
      )
      return fc.tuple(times, pair).map(([count, each]) => Array<typeof each>(count).fill(each))
    })
  const free = fc.tuple(
    fc.constantFrom('name', 'task_description', 'a', 'constructor', '__proto__'),
    wildText,
  )
  const odd = fc.oneof(
    { weight: 12, arbitrary: fc.constant<Plan['query']>([]) },
    {
      weight: 1,
      arbitrary: fc.constantFrom<Plan['query']>(['%'], ['=&=&'], ['a[]=1'], ['%ED%A0%80=%00'], ['?']),
    },
    { weight: 1, arbitrary: free.map(([name, value]): Plan['query'] => [{ name, value }]) },
  )
  return fc.tuple(odd, ...asked).map((each) => each.flat())
}

const NO_JSON = [
  '',
  ' ',
  '{',
  '[',
  '"',
  '{"a":}',
  '{"a":1,"a":2}',
  '{"__proto__":{}}',
  '[]',
  'null',
  '1e999',
  '\uFEFF{}',
  '{"a":"\\ud800"}',
  '{"\\u0000":1}',
  Uint8Array.of(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d),
  Uint8Array.of(0x22, 0xc0, 0x80, 0x22),
  Uint8Array.of(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00),
]

function bodyOf(
  content: { schema: Schema; example?: unknown } | undefined,
  making: Making,
): fc.Arbitrary<Plan['body']> {
  const none = fc.constantFrom<Plan['body']>(undefined, { json: {} })
  const wild = wildValue.map((json) => ({ json }))
  if (content === undefined) return fc.oneof({ weight: 8, arbitrary: none }, { weight: 1, arbitrary: wild })
  const valid = validValue(making, content.schema)
  const meant = content.example === undefined ? valid : fc.oneof(valid, fc.constant(content.example))
  return fc.oneof(
    { weight: 6, arbitrary: meant.map((json): Plan['body'] => ({ json })) },
    { weight: 5, arbitrary: nearlyValid(meant).map((json): Plan['body'] => ({ json })) },
    { weight: 1, arbitrary: wild },
    { weight: 1, arbitrary: fc.constantFrom(...NO_JSON).map((raw): Plan['body'] => ({ raw })) },
  )
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY']

function foreignMethod(
  path: string,
  methods: Record<string, Described>,
  resolve: Making['resolve'],
): fc.Arbitrary<Plan> {
  const others = METHODS.filter((each) => methods[each.toLowerCase()] === undefined)
  return fc.record({
    operationId: fc.constant(undefined),
    method: fc.constantFrom(...others),
    path: pathOf(path, { resolve, pools: poolsOf(path) }),
    query: fc.constant<Plan['query']>([]),
    headers: headersOf([], true),
    body: fc.constantFrom<Plan['body']>(undefined, undefined, { json: {} }),
  })
}
