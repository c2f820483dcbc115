import { z } from 'zod'
import { type Actor, actorOf, type RequestContext } from '../access/actor.ts'
import { CategorySlug } from '../categories/schema.ts'
import type { AdmittedRequest } from '../door/message.ts'
import { appError } from '../errors.ts'
import { readTrace } from '../id.ts'
import { LabelSelector } from '../prompts/name.ts'
import { cutText } from '../text.ts'
import type { ClientInfo, JsonObject, Requester, RequestId, Revision } from './transport/message.ts'
import { metaOf, type RpcRequest } from './transport/message.ts'

/** The visible part of the registry: `?label=`, `?category=` and `?tools=` of the address the client connected to. */
export interface Scope {
  /** null: production, which is what agents get. */
  readonly label: string | null
  /** null: every category. */
  readonly category: string | null
  /** Only the tools that change nothing. */
  readonly readOnly: boolean
}

/** The caller of a method: its actor, its view of the registry, and the revision that it reads. */
export interface Caller {
  readonly actor: Actor
  readonly scope: Scope
  readonly revision: Revision
  /** Reports the progress of a long call; undefined when the client did not ask for it. */
  readonly report?: ((progress: number, message: string) => void) | undefined
  /** Aborted when the client has closed the stream of the answer; the call itself may go on. */
  readonly signal?: AbortSignal | undefined
  /** Whether the client can ask its user to fill in a form. */
  readonly asksUser: boolean
  /** The values that its user has filled in, by the name of the form; undefined: the request answers no form. */
  readonly answers?: JsonObject | undefined
  /** The request that brought the call, and the id of the call; see cancellation.ts. */
  readonly http: AdmittedRequest
  readonly requestId?: RequestId | undefined
}

const EVERYTHING: Scope = { label: null, category: null, readOnly: false }

const PARAMETERS = ['label', 'category', 'tools'] as const

/**
 * The caller of a request.
 * @param client the client as the message describes it; else the User-Agent does
 * @param call the message itself, where it is one; it may be one of a batch
 * @throws invalid_input for a query that means nothing
 */
export function callerOf(
  request: AdmittedRequest,
  revision: Revision,
  { client, asksUser = false, answers }: Partial<Requester> = {},
  call?: RpcRequest,
): Caller {
  const scope = scopeOf(request.search)
  const { record } = request
  record.client = client ?? userAgent(request.header('user-agent'))
  record.trace = readTrace(call && metaOf(call)?.traceparent) ?? record.trace
  const actor = actorOf(record.identity, new CallContext(request))
  return {
    actor,
    scope: actor.label === null ? scope : { ...scope, label: actor.label },
    revision,
    asksUser,
    answers,
    http: request,
    requestId: call?.id,
  }
}

/**
 * Creates the request's id at its first read: only errors and changes read it, and random bytes are not cheap.
 * It is a class, since an object literal with a getter has a new shape each time, which costs garbage collection.
 */
class CallContext implements RequestContext {
  readonly surface = 'mcp'
  readonly outcome = {}
  readonly client: RequestContext['client']
  readonly address: string | undefined
  readonly trace: string | undefined
  readonly #request: AdmittedRequest

  constructor(request: AdmittedRequest) {
    this.client = request.record.client
    this.address = request.address
    this.trace = request.record.trace
    this.#request = request
  }

  get id(): string {
    return this.#request.id
  }
}

/**
 * Reads the query of the address. An unknown parameter is refused: a slip in `?label=` would silently serve
 * `production`.
 * @throws invalid_input
 */
export function scopeOf(search: string): Scope {
  if (search === '' || search === '?') return EVERYTHING
  const query = new URLSearchParams(search)
  const strange = [...query.keys()].find((name) => !PARAMETERS.some((known) => known === name))
  if (strange !== undefined)
    throw wrongParameter(
      strange,
      `The address has an unknown parameter "${cutText(strange, 64)}"; it can have ${PARAMETERS.join(', ')}.`,
    )
  return {
    label: readParameter(query, 'label', LabelSelector),
    category: readParameter(query, 'category', CategorySlug),
    readOnly: readParameter(query, 'tools', ToolsParameter) !== null,
  }
}

const ToolsParameter = z.literal('read', {
  error: 'The one choice is tools=read, which leaves out what changes something',
})

function readParameter(query: URLSearchParams, name: string, schema: z.ZodType<string>): string | null {
  const [value, another] = query.getAll(name)
  if (value === undefined) return null
  if (another !== undefined) throw wrongParameter(name, `The address has more than one ${name}.`)
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw wrongParameter(
    name,
    `The address has a ${name} that cannot be one: ${faultOf(parsed.error.issues[0])}.`,
  )
}

/** The message of an issue; of a union, the message of its first schema. */
function faultOf(issue: z.core.$ZodIssue | undefined): string {
  const inner = issue?.code === 'invalid_union' ? issue.errors[0]?.[0] : issue
  return inner?.message ?? 'it is not known'
}

function wrongParameter(name: string, message: string): Error {
  return appError('invalid_input', message, {
    details: [{ path: [cutText(name, 64)], code: 'invalid_parameter', message }],
  })
}

const agents = new Map<string, ClientInfo>()
const AGENTS_MAX = 1000

/** The first product of a User-Agent: `curl/8.5.0` is curl, 8.5.0. */
function userAgent(header: string | undefined): ClientInfo | undefined {
  if (header === undefined || header === '') return undefined
  const known = agents.get(header)
  if (known !== undefined) return known
  const [, name = cutText(header, 80), version] = /^([^\s/]{1,80})(?:\/([^\s;]{1,80}))?/.exec(header) ?? []
  const info: ClientInfo = { name, version }
  if (agents.size < AGENTS_MAX) agents.set(header, info)
  return info
}
