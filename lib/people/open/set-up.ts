import { accessState } from '../../access/state.ts'
import { onPrimary } from '../../db/read.ts'
import { appError } from '../../errors.ts'
import type { AuthAnswer } from '../auth/endpoint.ts'
import type { AuthRequest } from '../auth/member.ts'
import { newPassword } from '../auth/people.ts'
import { startSession } from '../auth/sessions.ts'
import { hashOf } from '../links.ts'
import type { SetUpInput } from '../schema.ts'
import { createFirstOwner, ownerExists, type SetUpProof } from './first-owner.ts'
import { followLink } from './links.ts'

const STATE = `SELECT first_owner_at IS NOT NULL AS has_owner,
    coalesce(set_up_hash = $1 AND set_up_expires_at > now(), false) AS is_link
  FROM access_state WHERE id`

/**
 * Makes the first owner and signs it in: by the link of the console, or without one where only this machine can come.
 * @throws conflict when there is an owner, not_found for a wrong link, invalid_input (password), rate_limited
 */
export async function setUp(request: AuthRequest, input: SetUpInput): Promise<AuthAnswer> {
  const { name, email, password } = input
  const proof = await proofOf(request, input.token)
  const passwordHash = await newPassword(password, { email, name })
  const personId = await createFirstOwner(request.context, { name, email, passwordHash }, proof)
  const cookie = await startSession(personId, request)
  return { status: 201, body: { id: personId, email, name }, cookie }
}

async function proofOf(request: AuthRequest, token: string | undefined): Promise<SetUpProof> {
  const state = await accessState()
  const linkHash = hashOf(token ?? '')
  const look = async () => {
    const { rows } = await onPrimary(({ pool }) =>
      pool.query<{ has_owner: boolean; is_link: boolean }>(STATE, [linkHash]),
    )
    return rows[0]
  }
  if (state === 'accounts' || (await look())?.has_owner === true) throw ownerExists()
  if (state === 'local') return 'local'
  if (token === undefined)
    throw appError('invalid_input', 'This needs the link that the console of the server shows.', {
      details: [{ path: ['token'], code: 'required', message: 'is missing' }],
    })
  await followLink('set-up', request, async () => ((await look())?.is_link === true ? true : undefined))
  return { linkHash }
}
