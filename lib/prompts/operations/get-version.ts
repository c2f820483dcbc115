import type { Actor } from '../../access/actor.ts'
import { assertMay } from '../policy.ts'
import { versionAnswer } from '../reading/answer.ts'
import type { Found } from '../reading/cache.ts'
import { type Counting, countRead } from '../reading/counting.ts'
import { findVersion } from '../reading/find-version.ts'
import type { PromptVersion } from '../schema.ts'

export interface GetVersionRequest {
  name: string
  version: number
}

const GET: Counting = { operation: 'get' }

/**
 * One version with its source.
 * @throws not_found (also for an actor pinned to a label that names another version), forbidden, unavailable
 */
export async function getVersion(
  actor: Actor,
  input: GetVersionRequest,
  counting: Counting = GET,
): Promise<PromptVersion> {
  const startedAt = performance.now()
  let found: Found | undefined
  try {
    assertMay(actor, 'read')
    found = await findVersion(actor, input.name, { version: input.version })
    countRead(actor, counting, { found, startedAt })
    return versionAnswer(actor, found)
  } catch (error) {
    countRead(actor, counting, { found, startedAt, error })
    throw error
  }
}
