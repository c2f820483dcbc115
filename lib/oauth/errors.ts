/** Errors of OAuth 2.1 and RFC 7591, by the codes that clients know. Recognized by name: code is bundled several times. */
export interface OAuthError extends Error {
  readonly code: OAuthCode
  readonly status: number
}

export type OAuthCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'invalid_target'
  | 'invalid_redirect_uri'
  | 'invalid_client_metadata'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'access_denied'
  | 'server_error'
  | 'temporarily_unavailable'

/** @param message public text, a sentence */
export function oauthError(code: OAuthCode, message: string): OAuthError {
  const error = new Error(message)
  error.name = 'OAuthError'
  return Object.assign(error, { code, status: code === 'invalid_client' ? 401 : 400 })
}

/** Whether a thrown value is one of them. */
export function isOAuthError(value: unknown): value is OAuthError {
  return value instanceof Error && value.name === 'OAuthError'
}
