import type { Contract } from '../../contract.ts'
import type { AuthEndpoint } from './endpoint.ts'
import { AUTH_ENDPOINTS } from './endpoints.ts'

/** The endpoints below /api/auth, as the document of the API describes operations. */
export const AUTH_CONTRACTS: readonly Contract[] = AUTH_ENDPOINTS.map(contractOf)

function contractOf({ method, path, input, about }: AuthEndpoint): Contract {
  const { summary, output, status = output === undefined ? 204 : 200, errors = [] } = about
  return {
    id: idOf(method, path),
    method,
    path: `/api/auth${path}`,
    tag: 'Sign-in',
    summary,
    ...(method === 'GET' ? { query: input } : { body: input }),
    ...(output !== undefined && { output }),
    status,
    // While there are no accounts nobody signs in.
    errors: ['conflict', ...errors],
  }
}

/** `postAuthSignInEmail` of `POST /sign-in/email`. */
function idOf(method: string, path: string): string {
  const words = `auth${path}`.split(/[/-]/).map((word) => word.charAt(0).toUpperCase() + word.slice(1))
  return method.toLowerCase() + words.join('')
}
