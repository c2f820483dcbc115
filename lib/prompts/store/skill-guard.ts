import { appError, type ErrorDetail } from '../../errors.ts'
import type { PromptContent } from '../content/content.ts'
import type { PreparedVersion } from '../plan/prepare-version.ts'
import { SKILL_BYTES, SKILL_FILES, skillDescriptionFault, skillName } from '../rules.ts'
import { buildSkill } from '../skill/build-skill.ts'
import type { Query } from './stored-prompt.ts'

type Skill = Pick<PreparedVersion, 'content' | 'variables' | 'title' | 'description' | 'publish' | 'pins'>

/**
 * Refuses a version that is published as a skill and cannot be one. Inside the transaction that saves it: nobody else
 * takes its name until that has ended.
 * @throws unprocessable with everything that is in the way
 */
export async function assertSkill(
  query: Query,
  workspaceId: string,
  name: string,
  version: Skill,
): Promise<void> {
  if (!version.publish.skill) return
  await assertSkillNameFree(query, workspaceId, name)
  const details = [...descriptionFaults(version), ...mediaFaults(version.content)]
  if (details.length === 0) details.push(...sizeFaults(name, version))
  if (details.length > 0) throw refused(details)
}

function refused(details: ErrorDetail[]) {
  const said = details.map(({ message }) => message).join('; ')
  return appError('unprocessable', `The prompt cannot be a skill: ${said}.`, { details })
}

function descriptionFaults({ description }: Skill): ErrorDetail[] {
  const message = skillDescriptionFault(description)
  return message === undefined ? [] : [{ path: ['description'], code: 'skill_description', message }]
}

/** Instructions are texts: what a chat shows besides cannot be among them. */
function mediaFaults(content: PromptContent): ErrorDetail[] {
  if (content.kind === 'text') return []
  return content.messages.flatMap((message, index): ErrorDetail[] => {
    if ('type' in message || typeof message.content === 'string') return []
    const place = message.content.findIndex(
      (part) =>
        part.type === 'image' ||
        part.type === 'audio' ||
        (part.type === 'resource' && part.resource.blob !== undefined),
    )
    if (place < 0) return []
    const path = ['messages', index, 'content', place]
    return [{ path, code: 'skill_media', message: 'Pictures, sounds and files cannot be instructions' }]
  })
}

function sizeFaults(name: string, { pins, ...version }: Skill): ErrorDetail[] {
  const { files } = buildSkill({ ...version, name, includes: pins.tree })
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  if (files.length <= SKILL_FILES && bytes <= SKILL_BYTES) return []
  const message = `Hosts take skills of at most ${SKILL_FILES} files and ${SKILL_BYTES} bytes, this one has ${files.length} and ${bytes}`
  return [{ path: ['publish', 'skill'], code: 'skill_too_large', message }]
}

/** One change at a time looks whether a name is free, and takes it. */
const LOCK = `SELECT pg_advisory_xact_lock(hashtextextended('skill ' || $1::text || ' ' || $2::text, 0))::text`

const HOLDER = `SELECT t.name, max(v.number) AS version FROM prompt_template t
  JOIN prompt_version v ON v.workspace_id = t.workspace_id AND v.prompt_id = t.id AND v.publish_skill
  WHERE t.workspace_id = $1::uuid AND rtrim(regexp_replace(t.name, '[-_]+', '-', 'g'), '-') = $2::text
    AND t.archived_at IS NULL AND t.name <> ALL ($3::text[])
  GROUP BY t.name ORDER BY t.name LIMIT 1`

/**
 * Refuses a name that another prompt has as a skill: `code_review` and `code-review` are one skill. A prompt keeps
 * it while any of its versions is published as one, since labels can move back to that; in the archive it does not.
 * @param own other names of the same prompt
 * @throws unprocessable
 */
export async function assertSkillNameFree(
  query: Query,
  workspaceId: string,
  name: string,
  own: string[] = [],
): Promise<void> {
  const skill = skillName(name)
  await query(LOCK, [workspaceId, skill])
  const [holder] = await query<Holder>(HOLDER, [workspaceId, skill, [name, ...own]])
  if (holder !== undefined) throw skillNameTaken(name, holder)
}

interface Holder {
  name: string
  /** The newest of its versions that is the skill. */
  version?: number
}

/** Why a prompt cannot be a skill whose name another has. */
export function skillNameTaken(name: string, holder: Holder) {
  const which = holder.version === undefined ? '' : `version ${holder.version} of `
  const message = `"${name}" would be the skill "${skillName(name)}", which ${which}the prompt "${holder.name}" is`
  const hint = 'Rename one of the two, or archive the other.'
  return appError('unprocessable', `${message}. ${hint}`, {
    details: [{ path: ['publish', 'skill'], code: 'skill_name_taken', message, hint }],
    extra: { holder: holder.name },
  })
}

const SKILLS = `SELECT DISTINCT prompt_id AS id FROM prompt_version
  WHERE workspace_id = $1::uuid AND prompt_id = ANY ($2::uuid[]) AND publish_skill`

/** What becomes of prompts that are restored together. */
interface RestoredSkills {
  /** Why some cannot be, by their ids. */
  reasons: Map<string, unknown>
  /** The names of the others that are skills, by those that they have as such. */
  taken: Map<string, string>
}

/**
 * Which prompts cannot be restored together: each is a skill whose name another has by now, or gets by the same change.
 */
export async function restoreSkills(
  query: Query,
  workspaceId: string,
  restored: readonly { id: string; name: string }[],
): Promise<RestoredSkills> {
  const reasons: RestoredSkills['reasons'] = new Map()
  const taken: RestoredSkills['taken'] = new Map()
  if (restored.length === 0) return { reasons, taken }
  const rows = await query<{ id: string }>(SKILLS, [workspaceId, restored.map(({ id }) => id)])
  const skills = new Set(rows.map(({ id }) => id))
  // In one order, so that two changes do not wait for each other.
  const inOrder = restored
    .filter(({ id }) => skills.has(id))
    .toSorted((a, b) => (skillName(a.name) < skillName(b.name) ? -1 : 1))
  for (const { id, name } of inOrder) {
    const holder = taken.get(skillName(name))
    if (holder !== undefined) reasons.set(id, skillNameTaken(name, { name: holder }))
    else
      await assertSkillNameFree(query, workspaceId, name).then(
        () => taken.set(skillName(name), name),
        (error: unknown) => reasons.set(id, error),
      )
  }
  return { reasons, taken }
}
