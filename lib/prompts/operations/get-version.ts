import type { Actor } from '../../access/actor.ts'
import { operation } from '../../telemetry/operation.ts'
import { findVersion } from '../cache/find-version.ts'
import type { ResolvedVersion } from '../cache/prompt-cache.ts'
import { type Counting, countRead } from '../count-read.ts'
import { assertMay } from '../policy.ts'
import type { PromptVersion } from '../schema.ts'
import { versionAnswer } from '../store/answer.ts'

export interface GetVersionRequest {
  name: string
  version: number
}

const GET: Counting = { operation: 'get' }

/**
 * One version with its source.
 * @throws not_found (also for an actor pinned to a label that names another version), forbidden, unavailable
 */
export const getVersion = operation('getVersion', run)

async function run(actor: Actor, input: GetVersionRequest, counting: Counting = GET): Promise<PromptVersion> {
  const startedAt = performance.now()
  let found: ResolvedVersion | undefined
  try {
    assertMay(actor, 'read')
    found = await findVersion(actor, input.name, { version: input.version })
    countRead(actor, counting, { asked: input, found, startedAt })
    return versionAnswer(actor, found)
  } catch (error) {
    countRead(actor, counting, { asked: input, found, startedAt, error })
    throw error
  }
}
