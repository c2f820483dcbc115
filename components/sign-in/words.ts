import { type Problem, type ProblemDetail, ProblemError, problemOf } from '#lib/rest/client.ts'
import { waitWords } from './wait.tsx'

/** The fault of an attempt to prove who one is, and until when no other one is accepted. */
export interface EntryFault {
  words: string
  waitUntil?: number
}

const ASK = 'Check both and try again. If you forgot it, ask an admin for a link to a new one.'

/** Why the e-mail and password were refused: alike for every account, whether there is one or not. */
export function passwordFault(error: unknown, now: number): EntryFault {
  return faultOf(error, now, `The e-mail or the password is wrong. ${ASK}`)
}

/** Why a code of the second factor was refused. */
export function codeFault(error: unknown, now: number, isRecovery: boolean): EntryFault {
  return faultOf(
    error,
    now,
    isRecovery
      ? 'This recovery code is wrong, or it was used already.'
      : 'This code is wrong. Wait for the next one, and check the clock of the device that makes it.',
  )
}

/** Whether the first step is too long ago, so that it has to be taken again. */
export function isStepLost(error: unknown): boolean {
  return /TWO_FACTOR_COOKIE/i.test(String(problemOf(error)?.code_hint ?? problemOf(error)?.code))
}

function faultOf(error: unknown, now: number, refused: string): EntryFault {
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
  if ([400, 401, 403, 404, 422].includes(problem.status)) return { words: refused }
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
const REFUSED_LINK: readonly number[] = [401, 403, 404, 409, 410]

/** What is told where a link led to a refusal: of the link in these words, of a field and of the rest as it came. */
export function linkFault(error: unknown, gone: string): Error {
  const problem = problemOf(error)
  const isOfLink = problem?.errors?.some(({ path }) => path[0] === 'token') ?? false
  if (problem !== undefined && (isOfLink || REFUSED_LINK.includes(problem.status)))
    return new Error(gone, { cause: error })
  return error instanceof Error ? error : new Error(String(error))
}
