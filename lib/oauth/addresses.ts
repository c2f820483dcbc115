import { isSafeAddress } from '../access/listen-guard.ts'
import { accessState } from '../access/state.ts'
import { getRuntime } from '../runtime.ts'
import { CLIENT_SCOPES } from './rules.ts'

const BASE = '/api/auth/oauth2'

/** The endpoints of the authorization server. */
export const PATHS = {
  authorize: `${BASE}/authorize`,
  token: `${BASE}/token`,
  register: `${BASE}/register`,
  revoke: `${BASE}/revoke`,
} as const

/** The page on which a person decides. */
export const CONSENT_PAGE = '/consent'

/** Who gives the tokens, as every answer says. */
export function issuer(): string {
  return getRuntime().config.publicUrl
}

/** The one server that takes them. */
export function resourceAddress(): string {
  return `${issuer()}/api/mcp`
}

/** Whether tokens are given here: with accounts, where nobody between a browser and this server can read along. */
export async function isOffered(): Promise<boolean> {
  return isSafeAddress(issuer()) && (await accessState()) === 'accounts'
}

/** The metadata of the authorization server (RFC 8414). */
export function serverMetadata(): Record<string, unknown> {
  const { oauth_registration: registration } = getRuntime().config.security
  const authMethods = ['none', 'client_secret_basic', 'client_secret_post']
  return {
    issuer: issuer(),
    authorization_endpoint: issuer() + PATHS.authorize,
    token_endpoint: issuer() + PATHS.token,
    ...(registration !== 'off' && { registration_endpoint: issuer() + PATHS.register }),
    revocation_endpoint: issuer() + PATHS.revoke,
    scopes_supported: CLIENT_SCOPES,
    response_types_supported: ['code'],
    response_modes_supported: ['query'],
    grant_types_supported: ['authorization_code', 'refresh_token', 'client_credentials'],
    token_endpoint_auth_methods_supported: authMethods,
    revocation_endpoint_auth_methods_supported: authMethods,
    code_challenge_methods_supported: ['S256'],
    client_id_metadata_document_supported: true,
    authorization_response_iss_parameter_supported: true,
    service_documentation: `${issuer()}/docs`,
  }
}

/** The metadata of the server that takes the tokens (RFC 9728). */
export function resourceMetadata(): Record<string, unknown> {
  return {
    resource: resourceAddress(),
    authorization_servers: [issuer()],
    scopes_supported: CLIENT_SCOPES,
    bearer_methods_supported: ['header'],
    resource_name: getRuntime().config.server.name,
  }
}
