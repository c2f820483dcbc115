import type { Actor } from '../../../access/actor.ts'
import { isAppError } from '../../../errors.ts'
import { getRuntime } from '../../../runtime.ts'
import { operation } from '../../../telemetry/operation.ts'
import { findVersion } from '../../cache/find-version.ts'
import { publishedPage } from '../../cache/published.ts'
import { skillOf } from '../../cache/skill-of.ts'
import type { PublishedPage, PublishedQuery } from '../../list-schema.ts'
import type { Skill } from '../../skill/schema.ts'

/** Versions that are read at a time where they are not in memory. */
const AT_ONCE = 8

/**
 * A page of the prompts that agents see as skills, in order of the prompts' names, with their files. Not counted as
 * a use: a host reads no text of it.
 * @throws forbidden, invalid_input (cursor), unavailable
 */
export const listSkills = operation('listSkills', run)

async function run(actor: Actor, query: PublishedQuery): Promise<PublishedPage<Skill>> {
  const { mcp, limits } = getRuntime().config
  // Of each skill the whole version is read.
  const limit = Math.min(mcp.page_size, limits.page_size_max)
  const page = await publishedPage(actor, 'skills', { ...query, limit }, ({ name }) => ({ name }))
  const label = query.label ?? undefined
  const skills: (Skill | undefined)[] = []
  for (let at = 0; at < page.items.length; at += AT_ONCE) {
    const some = page.items.slice(at, at + AT_ONCE)
    skills.push(...(await Promise.all(some.map(({ name }) => find(actor, name, label)))))
  }
  return {
    items: skills.filter((skill) => skill !== undefined),
    next_cursor: page.next_cursor,
  }
}

/** What has changed since the page was read is left out: its readers are told of the change. */
async function find(actor: Actor, name: string, label: string | undefined): Promise<Skill | undefined> {
  try {
    return skillOf(await findVersion(actor, name, { label }))
  } catch (error) {
    if (isAppError(error) && error.code === 'not_found') return undefined
    throw error
  }
}
