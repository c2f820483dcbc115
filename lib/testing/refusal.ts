import { type AppError, isAppError } from '../errors.ts'

/**
 * The error that an operation refuses with, for assertions on its code, details and extra members.
 * @throws Error when it does not refuse, and whatever is thrown that is none of ours
 */
export async function refusal(work: Promise<unknown>): Promise<AppError> {
  const answer = await work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  )
  if ('value' in answer) throw new Error(`expected a refusal, got ${JSON.stringify(answer.value)}`)
  if (isAppError(answer.error)) return answer.error
  throw answer.error
}
