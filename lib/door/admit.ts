import { checkHost, checkToolHost } from '../access/host-guard.ts'
import { identify } from '../access/identify.ts'
import { checkOrigin, type FetchMetadata } from '../access/origin-guard.ts'
import { readTrace } from '../trace.ts'
import type { AdmittedRequest, HttpRequest } from './message.ts'
import { assertRate } from './rate.ts'

/**
 * Lets in a request of one who may ask at all: host, origin, who it is, how often. Comes before any body.
 * @param options mayNavigate: a page elsewhere may link here
 * @throws forbidden, unavailable, rate_limited
 */
export async function admit(
  request: HttpRequest,
  options: { mayNavigate: boolean },
): Promise<AdmittedRequest> {
  admitUnknown(request, options)
  const { record } = request
  const identity = await identify()
  assertRate(identity)
  record.identity = identity
  record.trace = readTrace(request.header('traceparent'))
  // The one place that makes such a request: its identity has just been told.
  return request as AdmittedRequest
}

/**
 * Lets in a request whose sender proves who it is by a signature in the body, or reads a page.
 * @throws forbidden
 */
export function admitUnknown(request: HttpRequest, options: { mayNavigate: boolean }): void {
  checkHost(request.header('host'))
  checkOrigin(fetchMetadata(request), options)
}

/**
 * Lets in a monitor, which asks an instance by its address or by the name of a service.
 * @param toolsOnly no page may ask under a name that is not ours
 * @throws forbidden
 */
export function admitMonitor(request: HttpRequest, toolsOnly: boolean): void {
  checkOrigin(fetchMetadata(request), { mayNavigate: true })
  if (toolsOnly) checkToolHost((name) => request.header(name))
}

/** What the request says about the page that makes it. */
function fetchMetadata(request: HttpRequest): FetchMetadata {
  return {
    origin: request.header('origin'),
    host: request.header('host'),
    fetchSite: request.header('sec-fetch-site'),
    fetchMode: request.header('sec-fetch-mode'),
    fetchDest: request.header('sec-fetch-dest'),
  }
}
