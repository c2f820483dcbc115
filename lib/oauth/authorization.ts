import { cutText } from '../text.ts'
import { isOffered, issuer, resourceAddress } from './addresses.ts'
import { type Client, findClient } from './clients/client.ts'
import { isOAuthError, type OAuthError, oauthError } from './errors.ts'
import { readForm } from './form.ts'
import { isRegistered, redirectFault } from './redirects.ts'
import { type ClientScope, isClientScope, USUAL_SCOPES } from './rules.ts'

/** What a client asks a person for. */
export interface AuthorizationRequest {
  readonly client: Client
  readonly redirectUri: string
  readonly scopes: readonly ClientScope[]
  readonly challenge: string
  readonly state: string | undefined
}

/**
 * refused: the client cannot be told, for it may be another one · answered: it is told at its address. Who wrote a
 * document is known to nobody, so such a client is told by its person: else its address could be reached from here.
 */
export type ReadAuthorization =
  | { kind: 'request'; request: AuthorizationRequest }
  | { kind: 'refused'; error: OAuthError }
  | { kind: 'answered'; location: string }

const CHALLENGE = /^[\w-]{43}$/

/**
 * Reads the query of an authorization request (OAuth 2.1, 4.1.1).
 * @throws unavailable
 */
export async function readAuthorization(query: string): Promise<ReadAuthorization> {
  let asked: Asked
  try {
    asked = await readTarget(query)
  } catch (error) {
    if (isOAuthError(error)) return { kind: 'refused', error }
    throw error
  }
  const { client, redirectUri, form } = asked
  const state = form.get('state')
  try {
    const challenge = readChallenge(form)
    const request = { client, redirectUri, state, challenge, scopes: readScopes(form.get('scope'), client) }
    return { kind: 'request', request }
  } catch (error) {
    if (!isOAuthError(error)) throw error
    if (client.origin === 'document') return { kind: 'refused', error }
    return { kind: 'answered', location: errorLocation({ redirectUri, state }, error) }
  }
}

interface Asked {
  client: Client
  redirectUri: string
  form: Map<string, string>
}

/** Whom an answer goes to: without that there can be none. @throws OAuthError */
async function readTarget(query: string): Promise<Asked> {
  if (!(await isOffered()))
    throw oauthError('access_denied', 'Clients are connected here once there are accounts, over https.')
  const form = readForm(query)
  const id = form.get('client_id')
  if (id === undefined) throw oauthError('invalid_request', 'client_id is missing.')
  const client = await findClient(id)
  if (client === undefined)
    throw oauthError('invalid_client', `There is no client ${cutText(id, 100)}: it has to register again.`)
  const redirectUri = form.get('redirect_uri')
  if (redirectUri === undefined) throw oauthError('invalid_request', 'redirect_uri is missing.')
  if (redirectFault(redirectUri) !== undefined || !isRegistered(redirectUri, client.redirectUris))
    throw oauthError(
      'invalid_request',
      'The redirect address is none of those that this client has registered.',
    )
  return { client, redirectUri, form }
}

/** @returns the challenge that the client will have to meet */
function readChallenge(form: Map<string, string>): string {
  if (form.get('response_type') !== 'code')
    throw oauthError('unsupported_response_type', 'response_type must be code.')
  if ((form.get('response_mode') ?? 'query') !== 'query')
    throw oauthError('invalid_request', 'response_mode can be query alone.')
  if (form.has('request') || form.has('request_uri'))
    throw oauthError('invalid_request', 'The parameters must stand in the query.')
  checkResource(form)
  const challenge = form.get('code_challenge') ?? ''
  if (form.get('code_challenge_method') !== 'S256' || !CHALLENGE.test(challenge))
    throw oauthError('invalid_request', 'A code_challenge with code_challenge_method S256 is needed.')
  return challenge
}

/**
 * Tokens are for one server; a query is no part of its address.
 * @throws OAuthError invalid_target (RFC 8707)
 */
export function checkResource(form: Map<string, string>): void {
  const resource = form.get('resource')
  if (resource === undefined || resource.replace(/\?.*$/s, '') === resourceAddress()) return
  throw oauthError('invalid_target', `Tokens are given for ${resourceAddress()} alone.`)
}

/** Scopes that mean nothing here are passed over; what is given is told with the token. */
function readScopes(text: string | undefined, client: Client): ClientScope[] {
  const asked = text?.split(' ').filter((each) => each !== '') ?? []
  const wanted = asked.length === 0 ? USUAL_SCOPES : asked.filter(isClientScope)
  const scopes = client.scopes.filter((scope) => wanted.includes(scope))
  if (scopes.length > 0) return scopes
  throw oauthError('invalid_scope', `None of these scopes can be given: ${client.scopes.join(' ')}.`)
}

interface Target {
  readonly redirectUri: string
  readonly state: string | undefined
}

/** The address that takes an answer to the client. Every answer says who gives it (RFC 9207). */
export function answerLocation({ redirectUri, state }: Target, answer: Record<string, string>): string {
  const parameters = new URLSearchParams(answer)
  if (state !== undefined) parameters.set('state', state)
  parameters.set('iss', issuer())
  return `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${parameters}`
}

/** The same for an error. */
export function errorLocation(target: Target, { code, message }: OAuthError): string {
  return answerLocation(target, { error: code, error_description: message })
}
