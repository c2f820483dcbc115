import { accessState } from '../../access/state.ts'
import { isAppError } from '../../errors.ts'
import { newId } from '../../id.ts'
import type { Runtime } from '../../runtime.ts'
import { newPassword } from '../auth/people.ts'
import { Email } from '../schema.ts'
import { createFirstOwner } from './first-owner.ts'

/**
 * Makes the owner that the environment names, while there is no account. Where there is one, what it names has no
 * effect.
 * @throws Error that names the variable whose value cannot be used
 */
export async function makeConfiguredOwner({ config, log }: Runtime): Promise<void> {
  const { owner } = config.keys
  if (owner === undefined || (await accessState()) === 'accounts') return
  const email = Email.safeParse(owner.email)
  if (!email.success) throw new Error(`INCIPIT_OWNER_EMAIL is no e-mail address: ${owner.email}`)
  const [name = ''] = email.data.split('@')
  try {
    const passwordHash = await newPassword(owner.password, { email: email.data, name })
    const request = { id: newId(), surface: 'rest', outcome: {} } as const
    await createFirstOwner(request, { name, email: email.data, passwordHash }, 'configuration')
    log.info('the owner of INCIPIT_OWNER_EMAIL was made')
  } catch (error) {
    if (isAppError(error) && error.code === 'invalid_input')
      throw new Error(`INCIPIT_OWNER_PASSWORD cannot be used: ${error.message}`, { cause: error })
    // Another instance was first, or accounts are switched off.
    if (!isAppError(error) || error.code !== 'conflict') throw error
  }
}
