import type { Actor } from '../../../access/actor.ts'
import { appError } from '../../../errors.ts'
import { operation } from '../../../telemetry/operation.ts'
import { findVersion } from '../../cache/find-version.ts'
import type { ResolvedVersion } from '../../cache/prompt-cache.ts'
import { publishedSkill } from '../../cache/published.ts'
import { skillOf } from '../../cache/skill-of.ts'
import { type Counting, countRead, UNCOUNTED } from '../../count-read.ts'
import type { Skill } from '../../skill/schema.ts'

export interface FindSkillRequest {
  /** Name of the skill. */
  skill: string
  /** null: production. */
  label?: string | null
  /** Slug; null: every category. */
  category?: string | null
}

/**
 * The skill of a name, as the label has it.
 * @param counting where its text is read: that is a use of the prompt
 * @throws not_found, forbidden, unavailable
 */
export const findSkill = operation('findSkill', run)

async function run(
  actor: Actor,
  { skill, ...query }: FindSkillRequest,
  counting: Counting | typeof UNCOUNTED = UNCOUNTED,
): Promise<Skill & { id: string }> {
  const startedAt = performance.now()
  const row = await publishedSkill(actor, { skill, ...query })
  if (row === undefined) throw appError('not_found', 'There is no skill of that name.')
  const { name, label } = row
  let found: ResolvedVersion | undefined
  try {
    found = await findVersion(actor, name, { label })
    const made = skillOf(found)
    countRead(actor, counting, { asked: { name, label }, found, startedAt })
    return { ...made, id: found.resolution.prompt.id }
  } catch (error) {
    countRead(actor, counting, { asked: { name, label }, found, startedAt, error })
    throw error
  }
}
