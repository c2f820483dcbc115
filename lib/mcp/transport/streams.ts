import { assertMay } from '../../access/rights.ts'
import { listCategories } from '../../categories/operations/list-categories.ts'
import type { HttpAnswer } from '../../door/message.ts'
import { isAppError } from '../../errors.ts'
import { findSkill } from '../../prompts/operations/published/find-skill.ts'
import { getRuntime } from '../../runtime.ts'
import type { Caller } from '../caller.ts'
import { errorBody, INTERNAL_ERROR, INVALID_PARAMS, TRANSPORT_ERROR, toRpcError } from '../errors.ts'
import { parseUri } from '../resources.ts'
import { serverInfo } from '../server-info.ts'
import {
  LIST_NAMES,
  type ListName,
  type Subscription,
  subscriptions,
  type Watched,
} from '../subscriptions.ts'
import { visiblePrompt } from '../visibility.ts'
import { isObject, type JsonObject, type RequestId, type RpcRequest, unknownId } from './message.ts'
import { json, streamAnswer } from './serialise.ts'

const SUBSCRIPTION_ID = 'io.modelcontextprotocol/subscriptionId'
const SERVER_INFO = 'io.modelcontextprotocol/serverInfo'

/** One message as an event. */
function frame(message: JsonObject): string {
  return `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`
}

const NOTICES: Record<ListName, string> = {
  prompts: frame({ method: 'notifications/prompts/list_changed' }),
  tools: frame({ method: 'notifications/tools/list_changed' }),
  resources: frame({ method: 'notifications/resources/list_changed' }),
}

/**
 * The stream that revisions with a handshake open by GET (2025-11-25, "Listening for Messages from the
 * Server"): every changed list, without a session, so without resumption.
 */
export function notificationStream(caller: Caller): HttpAnswer {
  return openStream(caller, { frames: NOTICES }, ': open\n\n', () =>
    json(
      503,
      errorBody(unknownId(caller.http.header('mcp-protocol-version')), {
        code: TRANSPORT_ERROR,
        message: LIMIT_REACHED,
      }),
      { 'retry-after': '10' },
    ),
  )
}

const LIMIT_REACHED = 'No further notification stream can be opened here now; try again later'

/**
 * `subscriptions/listen` of 2026-07-28: acknowledges the part of the filter that can be served, then
 * tells each change with the subscription's id, and answers the request when the server ends the stream.
 */
export async function listenStream(caller: Caller, request: RpcRequest): Promise<HttpAnswer> {
  const filter = readFilter(request.params?.notifications)
  if (filter === undefined)
    return refuse(request.id, INVALID_PARAMS, 'Invalid params: notifications must be a subscription filter')
  const { max_resource_subscriptions: most } = getRuntime().config.mcp
  const uris = filter.resourceSubscriptions ?? []
  if (uris.length > most)
    return refuse(
      request.id,
      INVALID_PARAMS,
      `A stream watches at most ${most} resources (mcp.max_resource_subscriptions)`,
    )
  const meta = { [SUBSCRIPTION_ID]: request.id }
  const honored = LIST_NAMES.filter((list) => filter[`${list}ListChanged`] === true)
  let watched: Watched[]
  try {
    watched = await findWatched(caller, uris)
  } catch (error) {
    return json(200, errorBody(request.id, toRpcError(error, caller.actor.request.id)))
  }
  const acknowledgement = frame({
    method: 'notifications/subscriptions/acknowledged',
    params: {
      notifications: {
        ...Object.fromEntries(honored.map((list) => [`${list}ListChanged`, true])),
        ...(watched.length === 0 ? {} : { resourceSubscriptions: watched.map(({ uri }) => uri) }),
      },
      _meta: meta,
    },
  })
  const farewell = frame({
    id: request.id,
    result: { resultType: 'complete', _meta: { ...meta, [SERVER_INFO]: serverInfo() } },
  })
  if (honored.length + watched.length === 0) return finishedStream(acknowledgement + farewell)
  const frames = Object.fromEntries([
    ...honored.map((list) => [
      list,
      frame({ method: `notifications/${list}/list_changed`, params: { _meta: meta } }),
    ]),
    ...watched.map(({ uri }) => [
      uri,
      frame({ method: 'notifications/resources/updated', params: { uri, _meta: meta } }),
    ]),
  ])
  return openStream(caller, { frames, watched, farewell }, acknowledgement, () =>
    refuse(request.id, INTERNAL_ERROR, LIMIT_REACHED),
  )
}

function refuse(id: RequestId, code: number, message: string): HttpAnswer {
  return json(200, errorBody(id, { code, message }))
}

const FILTER_FLAGS = ['promptsListChanged', 'toolsListChanged', 'resourcesListChanged'] as const

interface Filter extends JsonObject {
  resourceSubscriptions?: string[]
}

function readFilter(value: unknown): Filter | undefined {
  if (!isObject(value)) return undefined
  const flagsFit = FILTER_FLAGS.every((flag) => value[flag] === undefined || typeof value[flag] === 'boolean')
  const { resourceSubscriptions: uris } = value
  const urisFit = uris === undefined || (Array.isArray(uris) && uris.every((uri) => typeof uri === 'string'))
  return flagsFit && urisFit ? value : undefined
}

function finishedStream(text: string): HttpAnswer {
  return streamAnswer((sink) => {
    sink.write(text)
    sink.end()
    return () => undefined
  })
}

function openStream(
  { actor, scope }: Caller,
  { frames, watched, farewell }: Pick<Subscription, 'frames' | 'watched' | 'farewell'>,
  greeting: string,
  whenFull: () => HttpAnswer,
): HttpAnswer {
  assertMay(actor, 'prompts:read')
  if (subscriptions().isFullFor(actor)) return whenFull()
  return streamAnswer((sink) => {
    sink.write(greeting)
    const close = subscriptions().open({ actor, scope, frames, watched, farewell, sink })
    // Others may have taken the last places since.
    if (close === undefined) sink.end()
    return close ?? (() => undefined)
  })
}

/** The resources that exist and that the client's address shows. */
async function findWatched(caller: Caller, uris: readonly string[]): Promise<Watched[]> {
  const found: Watched[] = []
  for (const uri of new Set(uris)) {
    const watched = await find(caller, uri)
    if (watched !== undefined) found.push(watched)
  }
  return found
}

async function find(caller: Caller, uri: string): Promise<Watched | undefined> {
  const target = parseUri(uri)
  if (target === undefined) return undefined
  if (target.kind === 'category') {
    const { category } = caller.scope
    if (category !== null && category !== target.slug) return undefined
    const { categories } = await listCategories(caller.actor)
    return categories.some(({ slug }) => slug === target.slug) ? { uri, ...target } : undefined
  }
  try {
    if (target.kind === 'skill') {
      const { id } = await findSkill(caller.actor, { skill: target.skill, ...caller.scope })
      return { uri, kind: 'prompt', id }
    }
    const { id } = await visiblePrompt(
      caller,
      target.name,
      target.version === undefined ? undefined : { version: target.version },
    )
    return { uri, kind: 'prompt', id }
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return undefined
    throw error
  }
}
