import type { z } from 'zod'
import type { ErrorCode } from '../../errors.ts'
import type { AuthRequest } from './member.ts'

/** What an endpoint of /api/auth answers. */
export interface AuthAnswer {
  readonly status?: 200 | 201 | 204
  readonly body?: unknown
  /** A Set-Cookie header. */
  readonly cookie?: string
  /** The cookie goes on with a session that was there: nobody signed in. */
  readonly isRenewal?: boolean
  /** Leads on by a redirect instead of a body. */
  readonly location?: string
}

/** What is said of an endpoint in the document of the API. */
interface About {
  readonly summary: string
  /** Of the body; left out: the answer has none. */
  readonly output?: z.ZodType
  /** Of a good answer; 200, or 204 without a body, when left out. */
  readonly status?: 200 | 201 | 204 | 303
  /** Errors beyond those that every one of them has. */
  readonly errors?: readonly ErrorCode[]
}

interface Reach {
  /** Works while there are no accounts, too. */
  readonly isAlways?: boolean
  /** A link or a redirect of another origin leads here. */
  readonly mayNavigate?: boolean
}

/** One of the paths below /api/auth that are reachable; there are no others. */
export interface AuthEndpoint extends Required<Reach> {
  readonly method: 'GET' | 'POST'
  /** Behind /api/auth, such as `/sign-in/email`. */
  readonly path: string
  /** Of the body; of a GET the query. */
  readonly input: z.ZodType<Record<string, unknown>, Record<string, unknown>>
  readonly about: About
  readonly run: (request: AuthRequest, input: unknown) => Promise<AuthAnswer>
}

/** Declares an endpoint; `run` gets what the schema made of the input. */
export function authEndpoint<S extends AuthEndpoint['input']>(
  route: `${'GET' | 'POST'} /${string}`,
  input: S,
  run: (request: AuthRequest, input: z.infer<S>) => Promise<AuthAnswer>,
  { isAlways = false, mayNavigate = false, ...about }: About & Reach,
): AuthEndpoint {
  const [method, path] = route.split(' ')
  return {
    method: method === 'GET' ? 'GET' : 'POST',
    path: path ?? '',
    input,
    about,
    // The protocol parses the input by this schema before.
    run: (request, parsed) => run(request, parsed as z.infer<S>),
    isAlways,
    mayNavigate,
  }
}
