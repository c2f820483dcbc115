import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Actor, ALL_SCOPES, type Credential, UNBOUND } from './access/actor.ts'
import { isOpenPath } from './access/open-paths.ts'
import { assertUsable } from './access/rights.ts'
import { type Role, SCOPES, type Scope } from './access/rules.ts'
import { loadConfig } from './config/load.ts'
import { RequestRecord } from './door/message.ts'
import { isAppError } from './errors.ts'
import type { Caller } from './mcp/caller.ts'
import { METHOD_NAMES, runMethod } from './mcp/methods.ts'
import { BUILT_IN_TOOLS, scopeOfTool } from './mcp/tools.ts'
import { listenStream, notificationStream } from './mcp/transport/streams.ts'
import { ROUTES } from './rest/table.ts'
import { createRuntime, setRuntime } from './runtime.ts'

/*
 * Calls every route, method and tool as each role, with each scope alone, under a pin, limited to categories, and by
 * each kind of credential, and compares with the tables.
 */

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
  'skills/get': { uri: 'skill://any/SKILL.md' },
  'resources/directory/read': { uri: 'skill://any' },
  'completion/complete': { ref: { type: 'ref/prompt', name: 'any' }, argument: { name: 'x', value: '' } },
}

/** Changes of prompts and categories: nothing that reads by one label alone makes them. */
const CHANGES: readonly Scope[] = ['prompts:write', 'prompts:propose', 'prompts:release']
/** What else such an actor is refused: it would be told of other labels. */
const NOT_UNDER_A_PIN = [
  'GET /api/changes',
  'GET /api/system',
  'POST /api/system/outbox/{id}/resend',
  'DELETE /api/system/outbox/{id}',
]
/** The same of what watches all labels. */
const WATCHES_ALL = /\/api\/(?:alerts|webhooks|repositories)\b/

/** What is about all categories together, or makes one. */
const NOT_IN_SOME_CATEGORIES = ['POST /api/categories', 'PUT /api/categories/order']

/** What a person does who is signed in, and no key or client. */
const SESSION_ALONE = /^\w+ \/api\/(keys|label-rules|members|former-members|invitations|clients)\b/
/** What asks besides that the sign-in is fresh. */
const FRESH_ALONE = /^(POST|PATCH|DELETE) \/api\/(keys|members)\b|^POST \/api\/clients$/

const TOOLS: Readonly<Record<string, [Scope, object]>> = {
  create_prompt_template: ['prompts:write', { name: 'any', template_content: 'x' }],
  update_prompt_template: ['prompts:write', { template_name: 'any', base_version: 1, template_content: 'x' }],
  get_prompt: ['prompts:read', { template_name: 'any' }],
  render_prompt: ['prompts:read', { template_name: 'any' }],
  search_prompts: ['prompts:read', {}],
  list_categories: ['prompts:read', {}],
  generate: ['generations:run', { template_name: 'any' }],
  report_outcome: ['prompts:read', { receipt: 'any', outcome: 'success' }],
  get_generation: ['generations:read', { id: '00000000-0000-7000-8000-000000000000' }],
}

beforeAll(() => setRuntime(createRuntime(loadConfig({ INCIPIT_LOG_LEVEL: 'silent' }, '/nowhere'))))
afterAll(() => setRuntime(undefined))

function actor(role: Role, scopes: ReadonlySet<Scope> = ALL_SCOPES, bounds: Partial<Actor> = {}): Actor {
  const request = { id: 'r', surface: 'rest', outcome: {} } as const
  return { id: 'a', kind: 'key', workspaceId: 'w', role, scopes, ...UNBOUND, ...bounds, request }
}

const session = (freshUntil: number): Credential => ({ kind: 'session', id: 's', personId: 'p', freshUntil })
const CREDENTIALS: Readonly<Record<string, Credential>> = {
  'a fresh session': session(Number.MAX_SAFE_INTEGER),
  'an old session': session(0),
  'a personal key': { kind: 'key', id: 'k', personActorId: 'p' },
  'a service key': { kind: 'key', id: 'k', personActorId: null },
  'an access token': { kind: 'token', id: 't', clientId: 'c', personActorId: 'p' },
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
    return REFUSAL.test(JSON.stringify(result ?? null))
  } catch (error) {
    if (isAppError(error)) return error.code === 'forbidden'
    return error instanceof Error && REFUSAL.test(error.message)
  }
}

/** What MCP makes of a refusal. */
const REFUSAL =
  /does not have the right|needs the scope|must have a second factor|cannot change prompts|is limited to other categories/

const LISTEN = {
  jsonrpc: '2.0',
  id: 1,
  method: 'subscriptions/listen',
  params: { notifications: { promptsListChanged: true } },
} as const

type Call = (actor: Actor) => Promise<unknown>

/** Besides the scope: another one that does as well. */
const CALLS: [string, Scope, Call, Scope?][] = [
  ...ROUTES.flatMap(({ contract, scope, run, or }): [string, Scope, Call, Scope?][] =>
    scope === null ? [] : [[`${contract.method} ${contract.path}`, scope, async (of) => run(of, {}), or]],
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

/** What a person does before the second factor that the role must have: see who they are, and change that. */
const BEFORE_A_FACTOR = ['GET /api/me', 'PATCH /api/me', 'GET /api/me/export']

describe('whoever must have a second factor and has none', () => {
  const bare = (credential: Credential): Actor =>
    actor('owner', new Set(), { credential, must: 'second_factor' })
  const ALL: [string, Call][] = [
    ...CALLS.map(([name, , call]): [string, Call] => [name, call]),
    ...ROUTES.filter(({ scope, contract }) => scope === null && !isOpenPath(contract.path, 'accounts')).map(
      ({ contract, run }): [string, Call] => [
        `${contract.method} ${contract.path}`,
        async (of) => run(of, {}),
      ],
    ),
  ]

  it.each(ALL)('%s is refused, but for what a session does for itself', async (name, call) => {
    const allowed: string[] = []
    for (const [kind, credential] of Object.entries(CREDENTIALS)) {
      // The door asks this of whoever it has recognized.
      const asDoor = async () => {
        assertUsable(bare(credential))
        return call(bare(credential))
      }
      if (!(await isForbidden(asDoor))) allowed.push(kind)
    }
    expect(allowed).toEqual(BEFORE_A_FACTOR.includes(name) ? ['a fresh session', 'an old session'] : [])
  })
})

describe('every route, method and tool', () => {
  it.each(CALLS)('%s needs %s and a role that has it', async (_name, scope, call) => {
    const allowed: Role[] = []
    for (const role of EVERYBODY) if (!(await isForbidden(() => call(actor(role))))) allowed.push(role)
    expect(allowed).toEqual(ROLES_WITH[scope])
  })

  it.each(CALLS)('%s is refused without %s, whatever the role', async (_name, scope, call, or) => {
    const others = new Set(SCOPES.filter((each) => each !== scope && each !== or))
    for (const role of EVERYBODY) expect(await isForbidden(() => call(actor(role, others)))).toBe(true)
  })

  it.each(CALLS)(
    '%s (%s) is refused under a pin where it changes or tells too much',
    async (name, scope, call) => {
      const isBarred = CHANGES.includes(scope) || NOT_UNDER_A_PIN.includes(name) || WATCHES_ALL.test(name)
      for (const label of ['production', 'latest'])
        expect(await isForbidden(() => call(actor('owner', ALL_SCOPES, { label })))).toBe(isBarred)
    },
  )

  it.each(CALLS)(
    '%s (%s) is open to who is limited to categories, but for the categories themselves',
    async (name, _scope, call) => {
      const narrowed = actor('owner', ALL_SCOPES, { categories: new Set(['c']) })
      expect(await isForbidden(() => call(narrowed))).toBe(NOT_IN_SOME_CATEGORIES.includes(name))
    },
  )

  it.each(CALLS)('%s (%s) is for a session alone where access changes', async (name, _scope, call) => {
    const allowed: string[] = []
    for (const [kind, credential] of Object.entries(CREDENTIALS))
      if (!(await isForbidden(() => call(actor('owner', ALL_SCOPES, { credential }))))) allowed.push(kind)
    const all = Object.keys(CREDENTIALS)
    const expected = FRESH_ALONE.test(name)
      ? all.slice(0, 1)
      : SESSION_ALONE.test(name)
        ? all.slice(0, 2)
        : all
    expect(allowed).toEqual(expected)
  })
})
