import { needsSecondFactor } from '../../access/second-factor.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import { attemptProof } from './attempts.ts'
import type { AuthRequest } from './member.ts'
import { isPassword } from './passwords.ts'
import { assertFreshSession, currentSession, type Session } from './sessions.ts'
import { assertOwnWays, recordRefusal } from './sign-in.ts'

/**
 * The session of a request whose person proved a short while ago who they are, or does so now by the password.
 * @throws unauthenticated, forbidden with `fresh_sign_in_required`, rate_limited
 */
export async function proveFresh(request: AuthRequest, password: string | undefined): Promise<Session> {
  const session = await currentSession(request)
  if (password === undefined) assertFreshSession(session, request)
  else await assertPassword(request, session, password)
  await assertSecondProof(session)
  return session
}

/**
 * Refuses to take a password alone for more, where the role must have a second factor and the person has one: who
 * stole the password could set up another one.
 * @throws forbidden
 */
export async function assertSecondProof({ personId, role, hasTotp, secondFactor }: Session): Promise<void> {
  if (secondFactor || !needsSecondFactor(role)) return
  const passkeys = await onPrimary(({ prisma }) =>
    prisma.personPasskey.count({ where: { person_id: personId } }),
  )
  if (!hasTotp && passkeys === 0) return
  throw appError('forbidden', 'Give your second factor first: a code of your app, or your passkey.', {
    extra: { code_hint: 'fresh_sign_in_required', must: ['second_factor'] },
  })
}

/** @throws unauthenticated when it is not the person's password, rate_limited, overloaded */
export async function assertPassword(
  request: AuthRequest,
  session: Session,
  password: string,
  field = 'password',
): Promise<void> {
  assertOwnWays()
  const attempt = await attemptProof('password', session.personId)
  let isRight = false
  try {
    isRight = await isPassword(session.password, password)
  } catch (error) {
    await attempt.forgive()
    throw error
  }
  if (!isRight) {
    await recordRefusal(request, session, 'password')
    throw appError('invalid_input', 'The password is wrong.', {
      details: [{ path: [field], code: 'wrong', message: 'is wrong' }],
    })
  }
  await attempt.forgive()
}
