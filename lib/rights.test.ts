import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Actor, ALL_SCOPES, type Role, SCOPES, type Scope, UNBOUND } from './access/actor.ts'
import { loadConfig } from './config/load.ts'
import { RequestRecord } from './door/message.ts'
import { isAppError } from './errors.ts'
import type { Caller } from './mcp/caller.ts'
import { METHOD_NAMES, runMethod } from './mcp/methods.ts'
import { listenStream, notificationStream } from './mcp/streams.ts'
import { BUILT_IN_TOOLS, scopeOfTool } from './mcp/tools.ts'
import { ROUTES } from './rest/table.ts'
import { createRuntime, setRuntime } from './runtime.ts'

/* Calls every route, method and tool as each role, and with each scope alone, and compares with the table of roles. */

const EVERYBODY: readonly Role[] = ['viewer', 'editor', 'publisher', 'admin', 'owner']
const from = (least: Role) => EVERYBODY.slice(EVERYBODY.indexOf(least))

/** Who may do what, the scope, and the roles that have it. */
const ROLES_WITH: Readonly<Record<Scope, readonly Role[]>> = {
  'prompts:read': EVERYBODY,
  'usage:read': EVERYBODY,
  'generations:read': EVERYBODY,
  'generations:run': from('editor'),
  'prompts:write': from('editor'),
  'prompts:propose': from('editor'),
  'ai:read': from('editor'),
  'prompts:release': from('publisher'),
  'ai:write': from('admin'),
  'audit:read': from('admin'),
  'metrics:read': from('admin'),
  'settings:write': from('admin'),
  'members:write': from('admin'),
}

/** What a method of MCP needs; of `tools/call` each tool says it below. */
const SCOPE_OF_METHOD: Readonly<Record<string, Scope>> = Object.fromEntries(
  METHOD_NAMES.filter((name) => name !== 'tools/call').map((name) => [name, 'prompts:read']),
)
const PARAMS: Readonly<Record<string, object>> = {
  'prompts/get': { name: 'any' },
  'resources/read': { uri: 'prompt://any' },
  'completion/complete': { ref: { type: 'ref/prompt', name: 'any' }, argument: { name: 'x', value: '' } },
}

const TOOLS: Readonly<Record<string, [Scope, object]>> = {
  create_prompt_template: ['prompts:write', { name: 'any', template_content: 'x' }],
  update_prompt_template: ['prompts:write', { template_name: 'any', base_version: 1, template_content: 'x' }],
  get_prompt: ['prompts:read', { template_name: 'any' }],
  render_prompt: ['prompts:read', { template_name: 'any' }],
  search_prompts: ['prompts:read', {}],
  list_categories: ['prompts:read', {}],
  generate: ['generations:run', { template_name: 'any' }],
  get_generation: ['generations:read', { id: '00000000-0000-7000-8000-000000000000' }],
}

beforeEach(() => setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere'))))
afterEach(() => setRuntime(undefined))

function actor(role: Role, scopes: ReadonlySet<Scope> = ALL_SCOPES): Actor {
  const request = { id: 'r', surface: 'rest', outcome: {} } as const
  return { id: 'a', kind: 'key', workspaceId: 'w', role, scopes, ...UNBOUND, request }
}

function caller(of: Actor): Caller {
  const http: Caller['http'] = {
    id: 'r',
    method: 'POST',
    path: '/api/mcp',
    search: '',
    header: () => undefined,
    readBody: () => Promise.reject(new Error('the body is given')),
    record: Object.assign(new RequestRecord(), { identity: of }),
  }
  const scope = { label: null, category: null, readOnly: false }
  return { actor: of, scope, revision: '2025-11-25', asksUser: false, http }
}

/** Whether a call is refused for want of a right; without a database nothing gets further than that. */
async function isForbidden(call: () => Promise<unknown>): Promise<boolean> {
  try {
    const result = await call()
    return /does not have the right|needs the scope/.test(JSON.stringify(result ?? null))
  } catch (error) {
    if (isAppError(error)) return error.code === 'forbidden'
    return error instanceof Error && /does not have the right|needs the scope/.test(error.message)
  }
}

const LISTEN = {
  jsonrpc: '2.0',
  id: 1,
  method: 'subscriptions/listen',
  params: { notifications: { promptsListChanged: true } },
} as const

type Call = (actor: Actor) => Promise<unknown>

const CALLS: [string, Scope, Call][] = [
  ...ROUTES.flatMap(({ contract, scope, run }): [string, Scope, Call][] =>
    scope === null ? [] : [[`${contract.method} ${contract.path}`, scope, async (of) => run(of, {})]],
  ),
  ...Object.entries(SCOPE_OF_METHOD).map(([name, scope]): [string, Scope, Call] => [
    name,
    scope,
    (of) => runMethod(caller(of), name, { ...PARAMS[name] }),
  ]),
  ['GET of a stream', 'prompts:read', async (of) => notificationStream(caller(of))],
  ['subscriptions/listen', 'prompts:read', (of) => listenStream(caller(of), LISTEN)],
  ...BUILT_IN_TOOLS.map(({ name }): [string, Scope, Call] => {
    const [scope, args] = TOOLS[name] ?? []
    if (scope === undefined || scopeOfTool(name) !== scope)
      throw new Error(`say which right the tool ${name} needs`)
    return [`tool ${name}`, scope, (of) => runMethod(caller(of), 'tools/call', { name, arguments: args })]
  }),
]

describe('every route, method and tool', () => {
  it.each(CALLS)('%s needs %s and a role that has it', async (_name, scope, call) => {
    const allowed: Role[] = []
    for (const role of EVERYBODY) if (!(await isForbidden(() => call(actor(role))))) allowed.push(role)
    expect(allowed).toEqual(ROLES_WITH[scope])
  })

  it.each(CALLS)('%s is refused without %s, whatever the role', async (_name, scope, call) => {
    const others = new Set(SCOPES.filter((each) => each !== scope))
    for (const role of EVERYBODY) expect(await isForbidden(() => call(actor(role, others)))).toBe(true)
  })
})
