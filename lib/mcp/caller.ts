import type { Actor, RequestContext } from '../access/actor.ts'
import { localActor } from '../access/local-actor.ts'
import { CategorySlug } from '../categories/slug.ts'
import { appError } from '../errors.ts'
import type { HttpRequest } from '../http/message.ts'
import { newId } from '../id.ts'
import { LabelSelector } from '../prompts/name.ts'
import { cutText } from '../text.ts'
import type { RequestId } from './message.ts'
import type { Revision } from './revision.ts'

/** What a client sees of the registry: `?label=` and `?category=` of the address it connected to. */
export interface Scope {
  /** null: production, which is what agents get. */
  readonly label: string | null
  /** null: every category. */
  readonly category: string | null
}

/** Who calls a method, what they see, and the revision that they read. */
export interface Caller {
  readonly actor: Actor
  readonly scope: Scope
  readonly revision: Revision
  /** Tells how a long call gets on; undefined when the client did not ask for it. */
  readonly report?: ((progress: number, message: string) => void) | undefined
  /** Aborted when nobody reads the stream of the answer any more; the call itself may go on. */
  readonly signal?: AbortSignal | undefined
  /** What brought the call, and its id; see cancellation.ts. */
  readonly http?: HttpRequest | undefined
  readonly requestId?: RequestId | undefined
}

export interface ClientInfo {
  readonly name: string
  readonly version?: string | undefined
}

const EVERYTHING: Scope = { label: null, category: null }

/**
 * Who a request comes from.
 * @param client what the message itself says about the client; else the User-Agent does
 * @param requestId of the call
 * @throws unavailable before the database has been reached, invalid_input for a query that means nothing
 */
export function callerOf(
  request: HttpRequest,
  revision: Revision,
  { client, requestId }: { client?: ClientInfo | undefined; requestId?: RequestId } = {},
): Caller {
  const scope = scopeOf(request.search)
  const actor = localActor(
    new CallContext(client ?? userAgent(request.header('user-agent')), request.address),
  )
  return {
    actor,
    scope: actor.label === null ? scope : { ...scope, label: actor.label },
    revision,
    http: request,
    requestId,
  }
}

/**
 * The request's id is made when somebody asks: only errors and changes do, and chance is not cheap. A class,
 * since an object literal with a getter is a new shape each time, which the garbage collector pays for.
 */
class CallContext implements RequestContext {
  readonly surface = 'mcp'
  readonly outcome = {}
  readonly client: ClientInfo | undefined
  readonly address: string | undefined
  #id: string | undefined

  constructor(client: ClientInfo | undefined, address: string | undefined) {
    this.client = client
    this.address = address
  }

  get id(): string {
    this.#id ??= newId()
    return this.#id
  }
}

/**
 * Reads `?label=` and `?category=`; other parameters belong to somebody else.
 * @throws invalid_input
 */
function scopeOf(search: string): Scope {
  if (search === '') return EVERYTHING
  const query = new URLSearchParams(search)
  return {
    label: readParameter(query, 'label', LabelSelector),
    category: readParameter(query, 'category', CategorySlug),
  }
}

function readParameter(
  query: URLSearchParams,
  name: string,
  schema: typeof LabelSelector | typeof CategorySlug,
): string | null {
  const [value, another] = query.getAll(name)
  if (value === undefined) return null
  const parsed = schema.safeParse(value)
  if (parsed.success && another === undefined) return parsed.data
  throw appError('invalid_input', `The address has a ${name} that cannot be one.`, {
    details: [{ path: [name], code: 'invalid_parameter', message: `is not the name of one ${name}` }],
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
