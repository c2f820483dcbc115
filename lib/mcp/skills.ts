import { isAppError } from '../errors.ts'
import type { PublishedPage } from '../prompts/list-schema.ts'
import { findSkill } from '../prompts/operations/published/find-skill.ts'
import { listSkills } from '../prompts/operations/published/list-skills.ts'
import { skillName } from '../prompts/rules.ts'
import type { Skill } from '../prompts/skill/schema.ts'
import { cutText } from '../text.ts'
import { readCursor } from './arguments.ts'
import type { Caller } from './caller.ts'
import { invalidParams } from './errors.ts'
import type { JsonObject } from './transport/message.ts'
import { assertScopeExists } from './visibility.ts'

/*
 * The extension for skills (SEP-2640): prompts that are published as skills, with the digests of their files, which
 * are read as resources. There is no notification of its own: resources/list_changed tells of them.
 */

export const SKILLS_CAPABILITY = { 'io.modelcontextprotocol/skills': { directoryRead: true } }

const MARKDOWN = 'text/markdown'
const DIRECTORY = 'inode/directory'

/** `skills/list`: the prompts that are skills under the caller's label, in order of the prompts' names. */
export async function listMcpSkills(caller: Caller, params: JsonObject): Promise<JsonObject> {
  const { actor, scope } = caller
  const page: PublishedPage<Skill> = await listSkills(actor, { ...scope, cursor: readCursor(params) })
  if (page.items.length === 0) await assertScopeExists(caller)
  return {
    skills: page.items.map(entryOf),
    ...(page.next_cursor === null ? {} : { nextCursor: page.next_cursor }),
  }
}

/** `skills/get`: one skill by the URI of its SKILL.md. `_meta` says which version it is. */
export async function getMcpSkill(caller: Caller, { uri }: JsonObject): Promise<JsonObject> {
  if (typeof uri !== 'string') throw invalidParams('skills/get needs the URI of a SKILL.md')
  const target = parseSkillUri(uri)
  if (target?.path !== 'SKILL.md')
    throw invalidParams(`No skill is served at ${cutText(uri, 200)}: skills are skill://{name}/SKILL.md`, {
      uri,
    })
  const skill = await served(caller, uri, target.skill)
  const { version, label, checksum } = skill
  return { skill: entryOf(skill), _meta: { version, label, checksum } }
}

/** `resources/directory/read`: what is in the folder of a skill, or in its `references`. */
export async function readSkillDirectory(caller: Caller, params: JsonObject): Promise<JsonObject> {
  const { uri } = params
  if (typeof uri !== 'string') throw invalidParams('resources/directory/read needs the URI of a directory')
  if (readCursor(params) !== undefined) throw invalidParams('There is one page alone')
  const target = parseSkillUri(uri)
  if (target === undefined) throw noDirectory(uri)
  const { files, ...skill } = await served(caller, uri, target.skill)
  const folder = target.path === '' ? '' : `${target.path}/`
  const children = new Map<string, JsonObject>()
  for (const file of files) {
    if (!file.path.startsWith(folder)) continue
    const [name = '', ...deeper] = file.path.slice(folder.length).split('/')
    const child = { uri: uriOf(skill, folder + name), name }
    const facts = deeper.length > 0 ? { mimeType: DIRECTORY } : { mimeType: MARKDOWN, size: file.size }
    children.set(name, { ...child, ...facts })
  }
  if (children.size === 0) throw noDirectory(uri)
  return { resources: [...children.values()] }
}

function noDirectory(uri: string): Error {
  return invalidParams(`${cutText(uri, 200)} is no directory of a skill`, { uri })
}

/** @throws invalid params in the protocol's way, with the URI, where there is no such skill */
async function served(caller: Caller, uri: string, skill: string): Promise<Skill> {
  try {
    return await findSkill(caller.actor, { skill, ...caller.scope })
  } catch (error) {
    if (!isAppError(error) || error.code !== 'not_found') throw error
    throw invalidParams(`No skill is served at ${cutText(uri, 200)}. ${error.message}`, { uri })
  }
}

/** The text of a file of a skill, and the prompt that it is of; undefined when the skill has no such file. */
export async function readSkillFile(
  { actor, scope }: Caller,
  { skill, path }: SkillTarget,
): Promise<string | undefined> {
  // To read the instructions is a use of the prompt; what they refer to is part of it.
  const counting = path === 'SKILL.md' ? ([{ operation: 'get' }] as const) : ([] as const)
  const { files } = await findSkill(actor, { skill, ...scope }, ...counting)
  return files.find((file) => file.path === path)?.text
}

function entryOf(skill: Skill): JsonObject {
  const resources = skill.files.map(({ path, sha256, size }) => ({
    uri: uriOf(skill, path),
    digest: `sha256:${sha256}`,
    size,
  }))
  return { uri: uriOf(skill, 'SKILL.md'), frontmatter: skill.front_matter, resources }
}

function uriOf({ name }: { name: string }, path: string): string {
  return `skill://${name}/${path}`
}

/** The SKILL.md of a prompt that is a skill, as `resources/list` shows it. */
export function skillResource({ name, description }: { name: string; description: string }): JsonObject {
  const skill = skillName(name)
  return { uri: uriOf({ name: skill }, 'SKILL.md'), name: skill, description, mimeType: MARKDOWN }
}

export interface SkillTarget {
  readonly skill: string
  /** Within its folder; '' for the folder itself. */
  readonly path: string
}

const SKILL_URI = /^skill:\/\/([a-z0-9]+(?:-[a-z0-9]+)*)(?:\/([\w.-]+(?:\/[\w.-]+)*))?$/

/** What a URI of a skill, or of a file or folder in one, refers to; undefined for any other. */
export function parseSkillUri(uri: string): SkillTarget | undefined {
  const [, skill, path = ''] = SKILL_URI.exec(uri) ?? []
  return skill === undefined || skill.length > 64 ? undefined : { skill, path }
}
