import type { RequestContext } from '../access/actor.ts'
import type { Contract } from '../contract.ts'
import type { HttpAnswer, HttpRequest } from '../door/message.ts'
import { accepts } from '../door/node.ts'
import { stalenessHeaders } from '../door/problem.ts'
import type { Download } from '../download.ts'
import { STREAM_HEADERS, type StreamStart } from '../event-stream.ts'
import { isUnchanged } from './conditional.ts'
import type { KeptDocument } from './kept-document.ts'

/** The answer for what an operation returned: status, headers, body; 304 when the caller has it already. */
export function successAnswer(
  contract: Contract,
  output: unknown,
  request: HttpRequest,
  context: RequestContext,
): HttpAnswer {
  const headers: Record<string, string> = {
    'cache-control': contract.method === 'GET' ? 'private, no-cache' : 'no-store',
    'x-request-id': context.id,
  }
  const { revision, replayed } = context.outcome
  if (revision !== undefined) headers['incipit-revision'] = String(revision)
  if (replayed === true) headers['idempotency-replayed'] = 'true'
  if (contract.location !== undefined) headers.location = contract.location(output)
  Object.assign(headers, stalenessHeaders())
  const etag = contract.etag === true ? etagOf(output) : undefined
  if (etag !== undefined) headers.etag = etag
  if (etag !== undefined && contract.method === 'GET' && isUnchanged(request.header('if-none-match'), etag))
    return { status: 304, headers, body: '' }
  if (contract.stream === true)
    // The operation of such a contract answers a stream: the compiler has checked it in endpoint().
    return {
      status: contract.status,
      headers: { ...headers, ...STREAM_HEADERS },
      body: '',
      stream: output as StreamStart,
    }
  if (contract.download !== undefined && isDownload(output)) return downloadAnswer(output, headers)
  if (contract.kept === true)
    // Of such a contract it is a kept document: the compiler has checked it in endpoint().
    return keptAnswer(output as KeptDocument, headers, request)
  if (output === undefined) return { status: contract.status, headers, body: '' }
  headers['content-type'] = 'application/json'
  const { otherwise } = contract
  const status = otherwise?.when(output) === true ? otherwise.status : contract.status
  return { status, headers, body: JSON.stringify(output) }
}

function isDownload(output: unknown): output is Download {
  return typeof output === 'object' && output !== null && 'start' in output && 'fileName' in output
}

function downloadAnswer(
  { fileName, mediaType, start }: Download,
  headers: Record<string, string>,
): HttpAnswer {
  const disposition = `attachment; filename="${fileName}"`
  const more = { 'content-type': mediaType, 'content-disposition': disposition, 'cache-control': 'no-store' }
  return { status: 200, headers: { ...headers, ...more }, body: '', stream: start }
}

function keptAnswer(
  document: KeptDocument,
  headers: Record<string, string>,
  request: HttpRequest,
): HttpAnswer {
  const accepted = request.header('accept-encoding') ?? ''
  const encoding = (['br', 'gzip'] as const).find((each) => accepts(accepted, each))
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': 'application/json',
      vary: 'Accept-Encoding',
      ...(encoding !== undefined && { 'content-encoding': encoding }),
    },
    body: document[encoding ?? 'plain'],
  }
}

function etagOf(output: unknown): string | undefined {
  const isObject = typeof output === 'object' && output !== null
  return isObject && 'etag' in output && typeof output.etag === 'string' ? output.etag : undefined
}
