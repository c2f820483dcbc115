import { z } from 'zod'
import { cutText } from '../../text.ts'
import { oauthError } from '../errors.ts'
import { redirectFault } from '../redirects.ts'
import { CLIENT_NAME_LENGTH, REDIRECT_URI_LENGTH, REDIRECT_URIS_MAX } from '../rules.ts'

/** The part of a client's metadata that is used here (RFC 7591, 2); what else stands there is passed over. */
const ClientMetadata = z.object({
  client_name: z.string().optional(),
  client_uri: z.string().optional(),
  redirect_uris: z
    .array(z.string().max(REDIRECT_URI_LENGTH, `has more than ${REDIRECT_URI_LENGTH} characters`))
    .min(1, 'must hold an address')
    .max(REDIRECT_URIS_MAX, `can hold ${REDIRECT_URIS_MAX} addresses`),
  grant_types: z.array(z.string()).optional(),
  response_types: z.array(z.string()).optional(),
  token_endpoint_auth_method: z.string().optional(),
})

export interface ReadMetadata {
  name: string | undefined
  uri: string | null
  redirectUris: string[]
}

/**
 * Reads what a client says of itself.
 * @throws OAuthError invalid_client_metadata or invalid_redirect_uri
 */
export function readMetadata(value: unknown): ReadMetadata {
  const parsed = ClientMetadata.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue?.path.join('.') || 'the metadata'
    throw oauthError('invalid_client_metadata', `${place}: ${issue?.message ?? 'cannot be read'}.`)
  }
  const { client_name: name, client_uri: uri, redirect_uris: redirectUris, ...kinds } = parsed.data
  for (const each of redirectUris) {
    const fault = redirectFault(each)
    if (fault !== undefined)
      throw oauthError('invalid_redirect_uri', `The redirect address ${cutText(each, 100)} ${fault}.`)
  }
  if (kinds.grant_types?.includes('authorization_code') === false)
    throw oauthError('invalid_client_metadata', 'grant_types: a client here uses authorization_code.')
  if (kinds.response_types?.includes('code') === false)
    throw oauthError('invalid_client_metadata', 'response_types: a client here uses code.')
  return { name: readName(name), uri: readUri(uri), redirectUris: [...new Set(redirectUris)] }
}

/** A name on one line: nothing in it can look like more of the page that shows it. */
function readName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined
  const plain = name.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return plain === '' ? undefined : cutText(plain, CLIENT_NAME_LENGTH)
}

function readUri(uri: string | undefined): string | null {
  const url = uri === undefined || uri.length > REDIRECT_URI_LENGTH ? null : URL.parse(uri)
  return url?.protocol === 'https:' ? url.href : null
}
