import { type Problem, type ProblemDetail, ProblemError, problemOf } from '#lib/rest/client.ts'
import { waitWords } from './wait.tsx'

/** The fault of an attempt to prove who one is, and until when no other one is accepted. */
export interface EntryFault {
  words: string
  waitUntil?: number
}

/** What is said of a wrong password: alike for every account, whether there is one or not. */
export const WRONG_PASSWORD =
  'The e-mail or the password is wrong. Check both and try again. If you forgot it, ask an admin for a link to a new one.'
export const WRONG_CODE =
  'This code is wrong. Wait for the next one, and check the clock of the device that makes it.'
export const WRONG_RECOVERY_CODE = 'This recovery code is wrong, or it was used already.'

/** Whether the first step is too long ago, so that it has to be taken again. */
export function isStepLost(error: unknown): boolean {
  return problemOf(error)?.code_hint === 'invalid_two_factor_cookie'
}

/** Why a proof was refused: of the proof itself in the given words. */
export function proofFault(error: unknown, now: number, refused: string): EntryFault {
  const problem: Problem | undefined = problemOf(error)
  if (problem === undefined) return { words: error instanceof Error ? error.message : String(error) }
  const wait = error instanceof ProblemError ? error.retryAfter : undefined
  if (problem.status === 429)
    return wait === undefined
      ? { words: 'There were too many attempts. Try again later.' }
      : {
          words: `There were too many attempts. Try again in ${waitWords(wait)}.`,
          waitUntil: now + wait * 1_000,
        }
  if (problem.status === 400 || problem.status === 401) return { words: refused }
  return { words: problem.detail }
}

/** A fault that a page finds itself, told at its field like one that the server found. */
export class FieldFault extends Error {
  readonly problem: Problem

  constructor(field: string, words: string) {
    super(words)
    const error: ProblemDetail = { in: 'body', path: [field], code: 'wrong', message: words }
    this.problem = {
      status: 0,
      code: 'invalid_input',
      title: 'Invalid input',
      detail: words,
      errors: [error],
    }
  }
}

/** Refusals that are about the secret of a link itself. */
const REFUSED_LINK: readonly number[] = [401, 404, 410]

/** What is told where a link led to a refusal: of the link in these words, of a field and of the rest as it came. */
export function linkFault(error: unknown, gone: string): Error {
  const problem = problemOf(error)
  const isOfLink = problem?.errors?.some(({ path }) => path[0] === 'token') ?? false
  if (problem !== undefined && (isOfLink || REFUSED_LINK.includes(problem.status)))
    return new Error(gone, { cause: error })
  return error instanceof Error ? error : new Error(String(error))
}

/** Why single sign-on did not let somebody in, by the reason that the server gives. */
const REFUSED_SINGLE_SIGN_ON: Readonly<Record<string, string>> = {
  expired: 'It took too long. Try again.',
  failed: 'The provider did not confirm who you are. Try again.',
  email_not_verified: 'The provider has not verified your e-mail address.',
  domain_not_allowed:
    'Your e-mail address is of a domain that this server does not take. Ask for an invitation.',
  account_exists:
    'There is an account of your e-mail address already. Sign in with it, and connect single sign-on under Account.',
  not_a_member: 'You are no member here. Ask an admin for an invitation.',
  invitation_over:
    'This invitation was used already, has expired or was taken back. Ask whoever invited you for a new one.',
  other_email:
    'You came back with another e-mail address than the one that was invited. Open the invitation again, and choose the account of that address at the provider.',
  taken: 'This account of the provider belongs to somebody else here.',
}

export function singleSignOnFault(reason: string): string {
  return REFUSED_SINGLE_SIGN_ON[reason] ?? 'Single sign-on did not let you in. Try again.'
}
