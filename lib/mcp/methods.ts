import type { Identity } from '../access/actor.ts'
import { assertMay, roleMay } from '../access/rights.ts'
import type { Scope } from '../access/rules.ts'
import type { AdmittedRequest } from '../door/message.ts'
import { countRequest } from '../door/request-metrics.ts'
import { appError } from '../errors.ts'
import { observeMethod, type Told } from '../telemetry/method-span.ts'
import type { Caller } from './caller.ts'
import { complete } from './completion.ts'
import { type RpcError, toRpcError } from './errors.ts'
import { formOf } from './form.ts'
import { getMcpPrompt, listMcpPrompts } from './prompts.ts'
import { listResources, listResourceTemplates, readResource } from './resources.ts'
import { getMcpSkill, listMcpSkills, readSkillDirectory } from './skills.ts'
import { callTool, listTools, scopeOfTool } from './tools.ts'
import type { JsonObject, RpcRequest } from './transport/message.ts'

/** One method of the protocol, the same for every revision: parameters in, result out. */
interface Method {
  run(caller: Caller, params: JsonObject): Promise<JsonObject>
  /** Milliseconds that a client of 2026-07-28 may keep the result; undefined: it is no cacheable one. */
  readonly ttlMs?: number
  /** A read; of tools each says so itself. */
  readonly isRead: boolean
}

/** Lists are never cached by clients: a new prompt is in the next list. */
const LIST_TTL_MS = 0
const FIXED_TTL_MS = 300_000

const METHODS = new Map<string, Method>([
  ['prompts/list', { isRead: true, run: listMcpPrompts, ttlMs: LIST_TTL_MS }],
  ['prompts/get', { isRead: true, run: getMcpPrompt }],
  ['tools/list', { isRead: true, run: listTools, ttlMs: LIST_TTL_MS }],
  ['tools/call', { isRead: false, run: callTool }],
  ['resources/list', { isRead: true, run: listResources, ttlMs: LIST_TTL_MS }],
  ['resources/templates/list', { isRead: true, run: listResourceTemplates, ttlMs: FIXED_TTL_MS }],
  ['resources/read', { isRead: true, run: readResource, ttlMs: LIST_TTL_MS }],
  ['skills/list', { isRead: true, run: listMcpSkills, ttlMs: LIST_TTL_MS }],
  ['skills/get', { isRead: true, run: getMcpSkill, ttlMs: LIST_TTL_MS }],
  ['resources/directory/read', { isRead: true, run: readSkillDirectory, ttlMs: LIST_TTL_MS }],
  ['completion/complete', { isRead: true, run: complete }],
])

/** Methods that are no part of the protocol itself. */
const EXTENSIONS: ReadonlySet<string> = new Set(['skills/list', 'skills/get', 'resources/directory/read'])

export function isExtension(name: string): boolean {
  return EXTENSIONS.has(name)
}

export const METHOD_NAMES: readonly string[] = [...METHODS.keys()]

export const DISCOVER_TTL_MS = FIXED_TTL_MS

/** How long a method's result may be kept; undefined for one that is not cacheable. */
export function ttlOf(method: string): number | undefined {
  return METHODS.get(method)?.ttlMs
}

/** Methods that are answered without one of the table, and messages that expect no answer. */
const OTHERS: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'subscriptions/listen',
  'notifications/initialized',
  'notifications/cancelled',
])

/**
 * Refuses a call for which a key or a token has too little. The refusal comes before JSON-RPC, as one of HTTP: a client
 * takes it for a reason to ask its user for more. Persons are told by the answer itself.
 * @throws forbidden
 */
export function assertScope({ record: { identity } }: AdmittedRequest, { method, params }: RpcRequest): void {
  const { kind } = identity.credential
  if (kind !== 'key' && kind !== 'token') return
  if (!METHODS.has(method) && method !== 'subscriptions/listen') return
  const scope = method === 'tools/call' ? scopeOfTool(params?.name) : 'prompts:read'
  if (kind === 'key') assertMay(identity, scope)
  else assertGranted(identity, scope)
}

/** A right that its person does not have either is refused by the call itself: to ask for it would not help. */
function assertGranted({ scopes, role }: Identity, scope: Scope): void {
  if (scopes.has(scope) || !roleMay(role, scope)) return
  throw appError('forbidden', `This needs the scope ${scope}, which the person who connected you can give.`, {
    // A client asks for exactly what it is told: what it was given already is among it.
    extra: { required_scope: scope, asked_scope: [...scopes, scope].join(' ') },
  })
}

/** The name of a method in the log and the metrics: unknown methods share one. */
export function routeOf(method: string): string {
  return METHODS.has(method) || OTHERS.has(method) ? method : 'none'
}

export function isMethod(name: string): boolean {
  return METHODS.has(name)
}

/**
 * Runs a method for both ways of answering, the fast path and the SDK.
 * @throws an error in its JSON-RPC form
 */
export function runMethod(caller: Caller, name: string, params: JsonObject): Promise<JsonObject> {
  const { revision, requestId: id } = caller
  return observeMethod({ method: name, params, revision, id }, (told) =>
    runCounted(caller, name, params, told),
  )
}

async function runCounted(caller: Caller, name: string, params: JsonObject, told: Told): Promise<JsonObject> {
  const started = performance.now()
  const { record } = caller.http
  // Each message of a batch counts by itself, and a call that reports its progress when it ends.
  record.isCounted = true
  let outcome = 'ok'
  try {
    const method = METHODS.get(name)
    if (method === undefined) throw new Error(`${name} is no method of this server`)
    record.isHot = method.isRead
    const result = await method.run(caller, params)
    if (result.isError === true) {
      outcome = 'tool_error'
      told.failed(outcome)
    }
    return result
  } catch (error) {
    const form = formOf(error)
    if (form !== undefined) return form
    const known = toRpcError(error, caller.actor.request.id)
    outcome = outcomeOf(known)
    told.failed(String(known.code), outcome)
    throw known
  } finally {
    record.outcome = outcome
    countRequest('mcp', name, outcome, started)
  }
}

/** The code of the catalogue; of an error of the protocol alone its number. */
function outcomeOf({ code, data }: RpcError): string {
  const named = typeof data === 'object' && data !== null && 'code' in data ? data.code : undefined
  return typeof named === 'string' ? named : String(code)
}
