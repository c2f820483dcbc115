import type { z } from 'zod'
import type { AuthRequest } from './member.ts'

/** What an endpoint of /api/auth answers. */
export interface AuthAnswer {
  readonly status?: 200 | 201 | 204
  readonly body?: unknown
  /** A Set-Cookie header. */
  readonly cookie?: string
  /** Leads on by a redirect instead of a body. */
  readonly location?: string
}

/** One of the paths below /api/auth that are reachable; there are no others. */
export interface AuthEndpoint {
  readonly method: 'GET' | 'POST'
  /** Behind /api/auth, such as `/sign-in/email`. */
  readonly path: string
  /** Of the body; of a GET the query. */
  readonly input: z.ZodType
  readonly run: (request: AuthRequest, input: unknown) => Promise<AuthAnswer>
  /** Works while there are no accounts, too. */
  readonly isAlways: boolean
  /** A link or a redirect of another origin leads here. */
  readonly mayNavigate: boolean
}

/** Declares an endpoint; `run` gets what the schema made of the input. */
export function authEndpoint<S extends z.ZodType>(
  route: `${'GET' | 'POST'} /${string}`,
  input: S,
  run: (request: AuthRequest, input: z.infer<S>) => Promise<AuthAnswer>,
  { isAlways = false, mayNavigate = false } = {},
): AuthEndpoint {
  const [method, path] = route.split(' ')
  return {
    method: method === 'GET' ? 'GET' : 'POST',
    path: path ?? '',
    input,
    // The protocol parses the input by this schema before.
    run: (request, parsed) => run(request, parsed as z.infer<S>),
    isAlways,
    mayNavigate,
  }
}
