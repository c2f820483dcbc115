import { appError, isAppError } from '../../errors.ts'
import { buildSkill, type SkillFiles } from '../skill/build-skill.ts'
import type { Skill } from '../skill/schema.ts'
import type { ResolvedVersion } from './prompt-cache.ts'

interface Kept {
  name: string
  skill: SkillFiles
}

const kept = new WeakMap<ResolvedVersion['version'], Kept>()

/**
 * A version as a skill, made once while the version is in memory and its prompt keeps its name.
 * @throws not_found for a version that is not published as one, or that was redacted
 */
export function skillOf({ resolution, version }: ResolvedVersion): Skill {
  const { prompt, label, etag } = resolution
  const { stored } = version
  if (!stored.publish.skill) throw notPublished(prompt.name, stored.version)
  assertIntact(version)
  const { frontMatter, files } = filesOf(prompt.name, version)
  return {
    name: frontMatter.name,
    prompt: prompt.name,
    version: stored.version,
    label,
    checksum: stored.checksum,
    front_matter: frontMatter,
    files: [...files],
    etag,
  }
}

/** @throws not_found: what was redacted, or includes something that was, is no skill any more */
function assertIntact(version: ResolvedVersion['version']): void {
  try {
    version.isHeavy()
  } catch (error) {
    if (!isAppError(error) || error.code !== 'unprocessable') throw error
    throw appError('not_found', error.message, { details: error.details, cause: error })
  }
}

function filesOf(name: string, version: ResolvedVersion['version']): SkillFiles {
  const known = kept.get(version)
  if (known?.name === name) return known.skill
  const { title, description } = version.stored
  const skill = buildSkill({ ...version.source(), name, title, description })
  kept.set(version, { name, skill })
  return skill
}

function notPublished(name: string, version: number) {
  const message = `Version ${version} of the prompt "${name}" is not published as a skill`
  const hint = 'Make a version with publish.skill: true.'
  return appError('not_found', `${message}. ${hint}`, {
    details: [{ path: ['name'], code: 'no_skill', message, hint }],
  })
}
