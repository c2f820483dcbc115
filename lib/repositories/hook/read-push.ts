import { parseJson } from '../../json.ts'
import { getRuntime } from '../../runtime.ts'
import { Push } from '../schema.ts'

/** A header by its lower-case name. */
type Header = (name: string) => string | undefined

/** What a signed body asks for: a look, or nothing. */
export type Asked = { commit: string | null } | { ignored: string }

const EVENT_HEADERS = ['x-github-event', 'x-gitea-event', 'x-forgejo-event', 'x-gogs-event', 'x-gitlab-event']
const PUSHES = new Set(['push', 'push hook'])

/**
 * Reads what a git host tells.
 * @param ref the branch that counts
 * @throws invalid_input for a body that is no JSON
 */
export function readPush(header: Header, body: Uint8Array, ref: string): Asked {
  const event = EVENT_HEADERS.map(header).find((name) => name !== undefined)
  if (event !== undefined && !PUSHES.has(event.toLowerCase()))
    return { ignored: `the event ${event.slice(0, 100)}` }
  const read = Push.safeParse(parsed(payloadOf(header, body)))
  const { ref: told, after } = read.success ? read.data : {}
  if (told === undefined) return { ignored: 'it names no ref' }
  if (told !== ref && told !== `refs/heads/${ref}`)
    return { ignored: `a push of ${told.slice(0, 300)}: only ${ref} counts` }
  if (after !== undefined && /^0+$/.test(after)) return { ignored: `${ref} was deleted` }
  return { commit: after !== undefined && /^[0-9a-f]{7,64}$/i.test(after) ? after : null }
}

/** GitHub sends a form unless it is told to send JSON. */
function payloadOf(header: Header, body: Uint8Array): string {
  const text = Buffer.from(body).toString('utf8')
  if (!/^application\/x-www-form-urlencoded\b/i.test(header('content-type') ?? '')) return text
  return new URLSearchParams(text).get('payload') ?? ''
}

function parsed(text: string): unknown {
  const { json_depth: depth, json_keys: keys, json_values: values } = getRuntime().config.limits
  return parseJson(text, { depth, keys, values })
}
