import type { IncomingMessage } from 'node:http'
import { type AppError, appError } from '../../errors.ts'

/** Headers that decide where a message ends, whom it is for and who sends it: one of them must be the only one. */
const ONCE: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'transfer-encoding',
  'content-type',
  'authorization',
  'origin',
])
const LONGEST = Math.max(...[...ONCE].map((name) => name.length))

/**
 * A path that another reader may understand as another path: `//host`, backslashes, a fragment, and steps
 * to the folder above, plain or encoded.
 */
const AMBIGUOUS = /^\/\/|[\\#]|\/(?:\.|%2e){1,2}(?:\/|$)/i

/**
 * What is wrong with a request as a message, before anybody asks what it wants; undefined for a proper
 * one. Whoever reads a message with two meanings otherwise than a proxy in front of us can be led past
 * what the proxy checks.
 */
export function messageFault(request: IncomingMessage): AppError | undefined {
  return targetFault(request.url ?? '') ?? headerFault(request)
}

function targetFault(target: string): AppError | undefined {
  if (!target.startsWith('/'))
    return fault(
      'Request-Target',
      'invalid_target',
      'The request must name a path, such as GET /api/prompts; this server is no proxy.',
    )
  const query = target.indexOf('?')
  const path = query === -1 ? target : target.slice(0, query)
  if (!AMBIGUOUS.test(path)) return undefined
  return fault(
    'Request-Target',
    'invalid_target',
    'The path must be plain: without //, backslashes, # and steps such as /../.',
  )
}

function headerFault({ rawHeaders, headers, httpVersionMinor }: IncomingMessage): AppError | undefined {
  if (headers.host === undefined && httpVersionMinor > 0)
    return fault('Host', 'required', 'The request needs a Host header.')
  const seen = new Set<string>()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const header = rawHeaders[index] ?? ''
    if (header.length > LONGEST) continue
    const name = header.toLowerCase()
    if (!ONCE.has(name)) continue
    if (seen.has(name)) return fault(header, 'repeated', `The header ${header} stands twice.`)
    seen.add(name)
  }
  return undefined
}

function fault(place: string, code: string, message: string): AppError {
  return appError('invalid_input', message, { details: [{ path: [place], code, message }] })
}
