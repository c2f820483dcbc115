import { type Actor, actorOf } from '../access/actor.ts'
import { NOBODY, REST_TAKES } from '../access/identify.ts'
import type { Contract, Endpoint, Input } from '../contract.ts'
import { admit } from '../door/admit.ts'
import { checkMediaType, readBody } from '../door/body.ts'
import type { AdmittedRequest, HttpAnswer, HttpRequest } from '../door/message.ts'
import type { Protocol } from '../door/pass.ts'
import { problemAnswer } from '../door/problem.ts'
import { appError } from '../errors.ts'
import { getRuntime } from '../runtime.ts'
import { unknownPath } from './address.ts'
import { requestContext } from './context.ts'
import { readInput } from './input.ts'
import { HOT_READS } from './quick-render.ts'
import type { Resource } from './resource.ts'
import { successAnswer } from './success.ts'
import { checkUploadType, readUpload, uploadParts } from './upload.ts'

const EMPTY = new Uint8Array()

const REQUEST_HEADERS =
  'Authorization, Content-Type, If-Match, If-None-Match, Idempotency-Key, Incipit-Revision, Incipit-Surface, Traceparent, X-Request-Id'

/** REST for one resource: a table of endpoints by method. */
export function restProtocol(resource: Resource): Protocol<AdmittedRequest> {
  const endpointOf = ({ method }: HttpRequest) => resource.endpoints.get(method === 'HEAD' ? 'GET' : method)
  return {
    name: 'rest',
    hasCors: true,
    allow: resource.allow,
    // An unknown path has no methods to list.
    preflight: resource.endpoints.size === 0 ? undefined : REQUEST_HEADERS,
    admit(request) {
      const contract = endpointOf(request)?.contract
      if (contract !== undefined) {
        request.record.route = contract.path
        request.record.isHot = HOT_READS.has(contract.id)
      }
      // A stream holds a scarce place: no link may lead to one.
      return admit(request, {
        mayNavigate: isRead(request) && contract?.stream !== true,
        takes: REST_TAKES,
      })
    },
    answer(request) {
      const endpoint = endpointOf(request)
      if (endpoint !== undefined) return perform(endpoint, request)
      if (resource.endpoints.size === 0) throw unknownPath()
      throw appError('method_not_allowed', `${request.method} is not possible here: ${resource.allow}.`)
    },
    refuse(error, request) {
      const answer = problemAnswer(error, request, endpointOf(request)?.contract)
      if (answer.status !== 405) return answer
      return { ...answer, headers: { ...answer.headers, allow: resource.allow } }
    },
  }
}

const isRead = ({ method }: HttpRequest) => method === 'GET' || method === 'HEAD'

async function perform({ contract, run }: Endpoint, request: AdmittedRequest): Promise<HttpAnswer> {
  const { body, input } = await (contract.upload === true ? takeUpload : takeBody)(contract, request)
  const actor = actorOf(request.record.identity, requestContext(request, contract, body))
  if (actor.request.revision !== undefined && actor.id !== NOBODY.id)
    await awaitRevision(actor, actor.request.revision)
  const output = await run(actor, input)
  return successAnswer(contract, output, request, actor.request)
}

interface Taken {
  body: Uint8Array
  input: Input
}

async function takeBody(contract: Contract, request: AdmittedRequest): Promise<Taken> {
  let body: Uint8Array = EMPTY
  if (contract.method !== 'GET') {
    checkMediaType(request)
    body = await readBody(request)
  }
  return { body, input: readInput(contract, request, body) }
}

/** Path and query are looked at before a large body is read. */
async function takeUpload(contract: Contract, request: AdmittedRequest): Promise<Taken> {
  checkUploadType(request)
  const { body: _, ...bare } = contract
  const input = readInput(bare, request, EMPTY)
  const body = await readUpload(request)
  return { body, input: { ...input, ...(await uploadParts(contract, request, body)) } }
}

/**
 * A caller that names a revision has seen it: this instance hears of it within moments. What is still
 * older after the wait is read from the primary.
 */
async function awaitRevision(actor: Actor, revision: number): Promise<void> {
  const { feed, database, config } = getRuntime()
  if (feed.seen(actor.workspaceId) >= revision || database.availability.down) return
  await feed.waitFor(actor.workspaceId, revision, config.database.revision_wait_ms)
}
