import type { Actor } from '../../../access/actor.ts'
import { operation } from '../../../telemetry/operation.ts'
import { findVersion } from '../../cache/find-version.ts'
import type { ResolvedVersion } from '../../cache/prompt-cache.ts'
import { skillOf } from '../../cache/skill-of.ts'
import { countRead } from '../../count-read.ts'
import { assertMay } from '../../policy.ts'
import type { VersionSelector } from '../../schema.ts'
import type { Skill } from '../../skill/schema.ts'

export type GetSkillRequest = VersionSelector & { name: string }

/**
 * A prompt as a skill with the text of its files, by the prompt's name or alias: the version that the selector means
 * (`production` without one).
 * @throws not_found, also for a version that is not published as a skill or was redacted; invalid_input for label and
 *   version both, forbidden, unavailable
 */
export const getSkill = operation('getSkill', run)

async function run(actor: Actor, input: GetSkillRequest): Promise<Skill> {
  const startedAt = performance.now()
  const counting = { operation: 'get' } as const
  let found: ResolvedVersion | undefined
  try {
    assertMay(actor, 'read')
    found = await findVersion(actor, input.name, input)
    const skill = skillOf(found)
    countRead(actor, counting, { asked: input, found, startedAt })
    return skill
  } catch (error) {
    countRead(actor, counting, { asked: input, found, startedAt, error })
    throw error
  }
}
