import type { Actor } from '../../access/actor.ts'
import { change } from '../../db/change.ts'
import { appError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { answerLocation, errorLocation, readAuthorization } from '../authorization.ts'
import { oauthError } from '../errors.ts'
import { writeGrant } from '../grants.ts'
import { assertMayConnect, assertWithinOwnRights } from '../policy.ts'
import type { ConsentAnswer, ConsentInput } from '../schema.ts'
import { writeCode } from '../tokens.ts'
import { assertOfWorkspace } from './look-at-consent.ts'

/**
 * Takes what a person decided: with some scopes the client gets a code, without any it is told that it was denied. Many
 * clients ask for what the first answer names and never for more, so a person can give more than was asked for.
 * The request is read anew, so that nothing depends on what the page was shown.
 * @throws forbidden, unprocessable, conflict when somebody else is signed in than the page was for; unavailable
 */
export const giveConsent = operation('giveConsent', run)

async function run(actor: Actor, input: ConsentInput): Promise<ConsentAnswer> {
  assertMayConnect(actor)
  const { query, person, scopes: chosen } = input
  if (person !== actor.id)
    throw appError('conflict', 'Somebody else is signed in now than this was asked of. Begin again.')
  const read = await readAuthorization(query)
  if (read.kind === 'refused') throw appError('unprocessable', read.error.message)
  if (read.kind === 'answered') return { location: read.location }
  const { request } = read
  assertOfWorkspace(actor, request.client)
  if (chosen.length === 0)
    return { location: errorLocation(request, oauthError('access_denied', 'The person did not allow it.')) }
  const scopes = request.client.scopes.filter((scope) => chosen.includes(scope))
  if (scopes.length < new Set(chosen).size)
    throw appError('unprocessable', 'This client is not given all of these scopes.')
  assertWithinOwnRights(actor, scopes)
  const code = await change(actor, async (changing) => {
    const id = await writeGrant(changing, actor, request, scopes)
    return writeCode(changing.tx, { id, workspaceId: actor.workspaceId, scopes }, request)
  })
  return { location: answerLocation(request, { code }) }
}
