import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { getRuntime } from '../../runtime.ts'
import { oauthError } from '../errors.ts'
import { isLoopback } from '../redirects.ts'
import { CLIENT_SCOPES } from '../rules.ts'
import { readMetadata } from './metadata.ts'

const UNNAMED = 'A client without a name'

const INSERT = `INSERT INTO oauth_registration (id, name, uri, redirect_uris) VALUES ($1::uuid, $2, $3, $4::text[])`

/**
 * Registers a client that introduces itself (RFC 7591). It is a public one whatever it asks for, and can be given the
 * scopes of MCP alone.
 * @returns its metadata as they are kept
 * @throws OAuthError, forbidden, unavailable
 */
export async function registerClient(metadata: unknown): Promise<Record<string, unknown>> {
  const { oauth_registration: mode } = getRuntime().config.security
  if (mode === 'off')
    throw appError(
      'forbidden',
      'Clients do not register here: ask the operator to add yours (security.oauth_clients).',
    )
  const { name = UNNAMED, uri, redirectUris } = readMetadata(metadata)
  const remote = redirectUris.find((each) => !isLoopback(each))
  if (mode === 'loopback' && remote !== undefined)
    throw oauthError(
      'invalid_redirect_uri',
      'Only programs on the machine of their user may register here (security.oauth_registration): the redirect address must be a loopback one.',
    )
  const id = newId()
  await onPrimary(({ pool }) =>
    pool.query({ name: 'oauth.register', text: INSERT, values: [id, name, uri, redirectUris] }),
  )
  return {
    client_id: id,
    client_id_issued_at: Math.floor(Date.now() / 1000),
    client_name: name,
    ...(uri !== null && { client_uri: uri }),
    redirect_uris: redirectUris,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
    scope: CLIENT_SCOPES.join(' '),
  }
}
