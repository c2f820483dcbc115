import type { AdmittedRequest, HttpAnswer } from '../door/message.ts'
import { type Caller, callerOf, scopeOf } from './caller.ts'
import { errorBody, toRpcError } from './errors.ts'
import { isMethod, runMethod } from './methods.ts'
import { capabilitiesOf, INSTRUCTIONS, serverInfo } from './server-info.ts'
import {
  areCapabilities,
  claimsRevision,
  isClientInfo,
  isHandshakeRevision,
  metaOf,
  negotiate,
  REVISION_WITHOUT_HEADER,
  type RequestId,
  type RpcRequest,
  readEnvelope,
  STATELESS_REVISION,
} from './transport/message.ts'
import { json, resultAnswer } from './transport/serialise.ts'
import { assertScopeExistsIfKnown } from './visibility.ts'

/**
 * Answers what agents ask all day without the SDK's Server, which costs several times a render. Only
 * requests that are beyond doubt: everything else (undefined) goes to the SDK, with the same methods
 * behind it. A test sends the same requests both ways.
 */
export function answerFast(http: AdmittedRequest, request: RpcRequest): Promise<HttpAnswer> | undefined {
  if (claimsRevision(request)) return statelessRequest(http, request)
  const version = http.header('mcp-protocol-version')
  if (version !== undefined && !isHandshakeRevision(version)) return undefined
  if (request.method === 'initialize') return initialize(http, request)
  if (request.method === 'ping') return Promise.resolve(plain(request, {}))
  if (!isHot(request)) return undefined
  return run(callerOf(http, version ?? REVISION_WITHOUT_HEADER, undefined, request), request)
}

function statelessRequest(http: AdmittedRequest, request: RpcRequest): Promise<HttpAnswer> | undefined {
  if (!isHot(request)) return undefined
  const envelope = readEnvelope(http, request)
  if (envelope === undefined) return undefined
  return run(callerOf(http, STATELESS_REVISION, envelope, request), request)
}

/** A call that wants to hear of its progress, or resumes one that asked for input, is the SDK's. */
function isHot(request: RpcRequest): boolean {
  if (!isMethod(request.method)) return false
  if (request.params === undefined) return true
  return (
    metaOf(request)?.progressToken === undefined &&
    request.params.inputResponses === undefined &&
    request.params.requestState === undefined
  )
}

/** Runs one method and writes its answer; an error of the method is an answer as well. */
export async function run(caller: Caller, request: RpcRequest): Promise<HttpAnswer> {
  const { id, method, params } = request
  try {
    const result = await runMethod(caller, method, params ?? {})
    return resultAnswer(id, method, result, caller.revision)
  } catch (error) {
    return json(200, errorBody(id, toRpcError(error, caller.actor.request.id)))
  }
}

function plain({ id }: RpcRequest, result: object): HttpAnswer {
  return json(200, JSON.stringify({ jsonrpc: '2.0', id, result }))
}

function initialize(http: AdmittedRequest, request: RpcRequest): Promise<HttpAnswer> | undefined {
  const { protocolVersion, capabilities, clientInfo } = request.params ?? {}
  if (typeof protocolVersion !== 'string' || !areCapabilities(capabilities) || !isClientInfo(clientInfo))
    return undefined
  const revision = negotiate(protocolVersion)
  const answer = plain(request, {
    protocolVersion: revision,
    capabilities: capabilitiesOf(revision),
    serverInfo: serverInfo(),
    instructions: INSTRUCTIONS,
  })
  const { label, category } = scopeOf(http.search)
  if (label === null && category === null) return Promise.resolve(answer)
  return refuseScope(callerOf(http, revision), request.id).then((refused) => refused ?? answer)
}

/** A handshake through an address whose label or category does not exist is refused with what there is. */
export async function refuseScope(caller: Caller, id: RequestId): Promise<HttpAnswer | undefined> {
  try {
    await assertScopeExistsIfKnown(caller)
    return undefined
  } catch (error) {
    return json(200, errorBody(id, toRpcError(error, caller.actor.request.id)))
  }
}
