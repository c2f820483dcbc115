import fc from 'fast-check'
import { headerText, ODD_HEADERS } from './header-values.ts'
import { Known, type Making, nearlyValid, type Schema, validValue, wildValue } from './schema-values.ts'
import { anyText, EDGE_TEXTS } from './texts.ts'

const HANDSHAKES = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25']
const STATELESS = '2026-07-28'

/** A POST to one of the addresses of MCP, before what is known of the app is put into it. */
export interface McpPlan {
  path: string
  headers: Record<string, unknown>
  body: unknown
}

/** What an app offers over MCP. */
export interface Offered {
  tools: { name: string; inputSchema: Schema }[]
  prompts: { name: string; arguments?: { name: string }[] }[]
}

/** What the members of parameters name, by their own names. */
const POOLS: Readonly<Record<string, string>> = {
  template_name: 'prompt',
  name: 'prompt',
  prompt: 'prompt',
  category: 'category',
  label: 'label',
  labels: 'label',
  tag: 'tag',
  tags: 'tag',
  version: 'version',
  base_version: 'version',
  configuration: 'configuration',
  id: 'generation',
  cursor: 'cursor',
}

const text = fc.oneof(anyText, fc.constantFrom(...EDGE_TEXTS))
const known = (pool: string) => fc.nat(1000).map((pick) => new Known(pool, pick))

/** Messages of every method in every revision, alone and in batches, whole and broken. */
export function mcpPlans(offered: Offered): fc.Arbitrary<McpPlan> {
  const request = requests(offered)
  return fc.oneof(
    {
      weight: 8,
      arbitrary: request.chain((each) =>
        fc.oneof(
          { weight: 4, arbitrary: handshake(each) },
          { weight: 4, arbitrary: stateless(each) },
          { weight: 1, arbitrary: odd(each) },
        ),
      ),
    },
    { weight: 2, arbitrary: batch(request) },
    { weight: 1, arbitrary: original(request) },
    { weight: 1, arbitrary: fc.record({ path: paths, headers: headers({}), body: wildValue }) },
  )
}

interface Message {
  method: unknown
  params: unknown
}

/** Methods with parameters that fit, nearly fit, or do not. */
function requests({ tools, prompts }: Offered): fc.Arbitrary<Message> {
  const making: Making = { resolve: (schema) => schema, pools: POOLS }
  const byTool = tools.map((tool) => {
    const fitting = validValue(making, tool.inputSchema)
    const given = fc.oneof({ weight: 3, arbitrary: fitting }, nearlyValid(fitting), wildValue)
    return params(
      'tools/call',
      given.map((each) => ({ name: tool.name, arguments: each })),
    )
  })
  const byPrompt = prompts.map(({ name, arguments: declared = [] }) => {
    const values = fc.record(Object.fromEntries(declared.map((each) => [each.name, text])))
    return params(
      'prompts/get',
      fc.oneof(values, wildValue).map((each) => ({ name, arguments: each })),
    )
  })
  const uri = fc.oneof(
    known('prompt').map((name) => ['prompt://', name]),
    fc.tuple(known('prompt'), text).map(([name, version]) => ['prompt://', name, '/versions/', version]),
    text.map((each) => ['category://', each]),
    text.map((each) => [each]),
  )
  const list = fc.record({ cursor: fc.oneof(known('cursor'), text, wildValue) }, { requiredKeys: [] })
  const others = [
    params('initialize', initialization),
    ...[
      'ping',
      'server/discover',
      'logging/setLevel',
      'resources/subscribe',
      'notifications/initialized',
    ].map((method) => params(method, fc.oneof(fc.constant({}), wildValue))),
    ...['prompts/list', 'tools/list', 'resources/list', 'resources/templates/list'].map((method) =>
      params(method, list),
    ),
    params(
      'resources/read',
      uri.map((parts) => ({ uri: parts })),
    ),
    params('completion/complete', completion),
    params('tools/call', fc.record({ name: text, arguments: wildValue })),
    params('prompts/get', fc.record({ name: fc.oneof(known('prompt'), text), arguments: wildValue })),
    fc.record({ method: fc.oneof(text, wildValue), params: wildValue }),
  ]
  return fc.oneof(...byTool, ...byPrompt, ...others)
}

function params(method: string, fitting: fc.Arbitrary<unknown>): fc.Arbitrary<Message> {
  const given = fc.oneof(
    { weight: 6, arbitrary: fitting },
    { weight: 2, arbitrary: nearlyValid(fitting) },
    { weight: 1, arbitrary: wildValue },
  )
  return given.map((each) => ({ method, params: each }))
}

const clientInfo = fc.oneof(
  fc.record({ name: text, version: text }),
  fc.record({ name: text, version: text, title: text, websiteUrl: text }),
  wildValue,
)
const initialization = fc.record({
  protocolVersion: fc.oneof(fc.constantFrom(...HANDSHAKES, STATELESS), text),
  capabilities: fc.oneof(fc.constant({}), fc.constant({ roots: { listChanged: true } }), wildValue),
  clientInfo,
})
const completion = fc.record({
  ref: fc.oneof(
    fc.record({ type: fc.constant('ref/prompt'), name: fc.oneof(known('prompt'), text) }),
    fc.record({
      type: fc.constant('ref/resource'),
      uri: fc.oneof(
        fc.constantFrom('prompt://{name}', 'prompt://{name}/versions/{version}', 'category://{slug}'),
        text,
      ),
    }),
  ),
  argument: fc.record({
    name: fc.oneof(fc.constantFrom('name', 'version', 'slug', 'task_description'), text),
    value: text,
  }),
  context: fc.oneof(fc.constant(undefined), fc.record({ arguments: fc.record({ name: text }) }), wildValue),
})

const id = fc.oneof(
  { weight: 5, arbitrary: fc.nat() },
  { weight: 2, arbitrary: text },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(null, 1.5, -1, 2 ** 53, true, {}, [], undefined) },
)
const paths = fc.oneof(
  { weight: 6, arbitrary: fc.constant('/api/mcp') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('/api/mcp?label=staging', '/api/mcp?category=data', '/api/mcp?label=latest'),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '/api/mcp?label=%00',
      '/api/mcp?label=%ED%A0%80',
      '/api/mcp?category=A&category=b',
    ),
  },
)
const accept = fc.constantFrom('application/json', 'application/json, text/event-stream', '*/*')

function headers(own: Record<string, unknown>): fc.Arbitrary<Record<string, unknown>> {
  const more = fc.oneof(
    { weight: 5, arbitrary: fc.constant<[string, string][]>([]) },
    {
      weight: 1,
      arbitrary: fc.array(fc.tuple(fc.constantFrom(...MCP_HEADERS), headerText), { maxLength: 2 }),
    },
  )
  return fc.tuple(accept, more).map(([Accept, each]) => ({ Accept, ...own, ...Object.fromEntries(each) }))
}

const MCP_HEADERS = [...ODD_HEADERS, 'MCP-Protocol-Version', 'Mcp-Method', 'Mcp-Name', 'Mcp-Session-Id']

function handshake({ method, params: given }: Message): fc.Arbitrary<McpPlan> {
  const body = id.map((each) => ({ jsonrpc: '2.0', id: each, method, params: given }))
  const version = fc.constantFrom<Record<string, unknown>>(
    {},
    ...HANDSHAKES.map((each) => ({ 'MCP-Protocol-Version': each })),
  )
  return fc.record({ path: paths, headers: version.chain(headers), body })
}

/** A request of the revision without handshake, its headers equal to its body. */
function stateless({ method, params: given }: Message): fc.Arbitrary<McpPlan> {
  const meta = fc.record(
    {
      'io.modelcontextprotocol/protocolVersion': fc.constant(STATELESS),
      'io.modelcontextprotocol/clientCapabilities': fc.oneof(fc.constant({}), fc.constant({}), wildValue),
      'io.modelcontextprotocol/clientInfo': clientInfo,
      progressToken: fc.oneof(text, fc.nat(), wildValue),
      'x/odd': wildValue,
    },
    {
      requiredKeys: [
        'io.modelcontextprotocol/protocolVersion',
        'io.modelcontextprotocol/clientCapabilities',
        'io.modelcontextprotocol/clientInfo',
      ],
    },
  )
  const named = new Map<unknown, unknown>(Object.entries(isRecord(given) ? given : {}))
  const name = named.get(method === 'resources/read' ? 'uri' : 'name')
  const own = {
    'MCP-Protocol-Version': STATELESS,
    'Mcp-Method': method,
    ...(name === undefined ? {} : { 'Mcp-Name': name }),
  }
  const body = fc.tuple(id, meta).map(([each, _meta]) => ({
    jsonrpc: '2.0',
    id: each,
    method,
    params: isRecord(given) ? { ...given, _meta } : given,
  }))
  return fc.record({ path: paths, headers: headers(own), body })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Known)
}

/** A message with a member that is wrong, missing or too many, under any claim of a revision. */
function odd({ method, params: given }: Message): fc.Arbitrary<McpPlan> {
  const message = fc.record(
    {
      jsonrpc: fc.oneof({ weight: 3, arbitrary: fc.constant<unknown>('2.0') }, wildValue),
      id,
      method: fc.constant(method),
      params: fc.constant(given),
      result: wildValue,
      error: wildValue,
      [`x`]: wildValue,
    },
    { requiredKeys: [] },
  )
  const own = fc.record(
    { 'MCP-Protocol-Version': fc.oneof(headerText, fc.constant(STATELESS)) },
    { requiredKeys: [] },
  )
  return fc.record({ path: paths, headers: own.chain(headers), body: message })
}

function batch(request: fc.Arbitrary<Message>): fc.Arbitrary<McpPlan> {
  const each = fc.tuple(id, request).map(([number, message]) => ({ jsonrpc: '2.0', id: number, ...message }))
  const body = fc.oneof(
    { weight: 5, arbitrary: fc.array(each, { maxLength: 6 }) },
    { weight: 1, arbitrary: fc.array(wildValue, { maxLength: 6 }) },
    {
      weight: 1,
      arbitrary: fc.constant(Array.from({ length: 101 }, () => ({ jsonrpc: '2.0', id: 1, method: 'ping' }))),
    },
  )
  const version = fc.constantFrom<Record<string, unknown>>(
    {},
    { 'MCP-Protocol-Version': '2025-03-26' },
    { 'MCP-Protocol-Version': STATELESS },
  )
  return fc.record({ path: paths, headers: version.chain(headers), body })
}

/** The four paths of the original system. */
function original(request: fc.Arbitrary<Message>): fc.Arbitrary<McpPlan> {
  const path = fc.constantFrom('/mcp/prompts/list', '/mcp/prompts/get', '/mcp/tools/list', '/mcp/tools/call')
  return fc.tuple(path, id, request, fc.boolean()).chain(([to, number, message, fits]) =>
    headers({}).map((own) => ({
      path: to,
      headers: own,
      body: { jsonrpc: '2.0', id: number, ...message, ...(fits ? { method: to.slice('/mcp/'.length) } : {}) },
    })),
  )
}
