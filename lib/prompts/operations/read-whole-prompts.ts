import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import type { Json } from '../../liquid/json.ts'
import type { Variable } from '../../liquid/variable.ts'
import { operation } from '../../telemetry/operation.ts'
import type { PromptContent } from '../content/content.ts'
import { assertMay } from '../policy.ts'
import { readContent } from '../render/compiled-version.ts'
import type { Publish } from '../schema.ts'
import { poolQuery } from '../store/stored-prompt.ts'
import {
  ASKED,
  CHOSEN,
  type ChosenPrompts,
  chosenValues,
  IS_LABELLED,
  WHOLE_PROMPT,
  WHOLE_VERSION,
} from '../store/whole-prompts.ts'
import { readVariables } from '../variables/variables.ts'

/** Which prompts, and in which version. */
export interface WholePromptsInput extends ChosenPrompts {
  /** Id of the last prompt that was read. */
  after?: string | undefined
  /** Prompts at a time. */
  limit: number
}

/** A version with all that it says itself. */
export interface WholeVersion {
  promptId: string
  number: number
  content: PromptContent
  variables: Variable[]
  config: { [key: string]: Json }
  title: string
  description: string
  publish: Publish
  message: string
  checksum: string
  /** What the references of its texts are pinned to. */
  includes: WholeInclude[]
}

/** A reference, and the version of another prompt that it is pinned to. */
export type WholeInclude = { ref: string; name: string; version: number; checksum: string }

/** A prompt, and which of its versions were asked for, the newest last. */
export interface WholePrompt {
  id: string
  name: string
  category: string | null
  tags: string[]
  aliases: string[]
  versions: {
    number: number
    /** Of its text and what is declared beside it. */
    bytes: number
    labels: string[]
  }[]
  /** Numbers of versions that were asked for, and say nothing any more. */
  redacted: number[]
}

interface Row extends Omit<WholeVersion, 'content' | 'variables'> {
  kind: 'text' | 'chat'
  content: string
  variables: Json
}

const NAMED = `SELECT n.name FROM prompt_name n JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
  WHERE n.workspace_id = $1::uuid AND n.name = ANY ($2::text[]) AND ${CHOSEN}`

const READ = `SELECT ${WHOLE_PROMPT},
    coalesce((SELECT json_agg(${WHOLE_VERSION} ORDER BY v.number) ${ASKED} AND v.redacted_at IS NULL), '[]') AS versions,
    coalesce((SELECT json_agg(v.number ORDER BY v.number) ${ASKED} AND v.redacted_at IS NOT NULL), '[]') AS redacted
  FROM prompt_template t
  WHERE t.workspace_id = $1::uuid AND ${CHOSEN} AND ($7::uuid IS NULL OR t.id > $7::uuid) ORDER BY t.id LIMIT $8::integer`

/**
 * Reads prompts without their texts, some at a time, in the order of their ids: `readWholeVersions` has the texts.
 * @returns an empty list: there are no more
 * @throws forbidden, unavailable
 */
export const readWholePrompts = operation('readWholePrompts', run)

async function run(actor: Actor, input: WholePromptsInput): Promise<WholePrompt[]> {
  assertMay(actor, 'read')
  const { after, limit } = input
  return onPrimary(({ pool }) =>
    poolQuery(pool, 'prompts.whole')<WholePrompt>(READ, [
      ...chosenValues(actor, input),
      after ?? null,
      limit,
    ]),
  )
}

/** Whoever is pinned to a label reads the version that it names. */
const VERSIONS = `SELECT v.prompt_id AS "promptId", v.number, v.kind, v.content, v.variables, v.config, v.title, v.description,
    v.message, v.checksum, json_build_object('prompt', v.publish_prompt, 'tool', v.publish_tool, 'skill', v.publish_skill) AS publish,
    coalesce((SELECT json_agg(json_build_object('ref', i.ref, 'name', o.name, 'version', m.number, 'checksum', m.checksum) ORDER BY i.ref)
      FROM version_include i
      JOIN prompt_version m ON m.workspace_id = $1::uuid AND m.id = i.included_version_id
      JOIN prompt_template o ON o.workspace_id = $1::uuid AND o.id = m.prompt_id
      WHERE i.workspace_id = $1::uuid AND i.version_id = v.id AND i.depth = 1), '[]') AS includes
  FROM unnest($2::uuid[], $3::integer[]) WITH ORDINALITY AS w (prompt_id, number, place)
  JOIN prompt_version v ON v.workspace_id = $1::uuid AND v.prompt_id = w.prompt_id AND v.number = w.number
  JOIN prompt_template t ON t.workspace_id = $1::uuid AND t.id = v.prompt_id
  WHERE v.redacted_at IS NULL AND ($4::text IS NULL OR ${IS_LABELLED})
  ORDER BY w.place`

/**
 * Reads versions with their texts, in the order in which they are asked for. One that was redacted, or that the actor
 * may not see, is left out. All of them are in memory at once: ask for few.
 * @throws forbidden, unavailable
 */
export const readWholeVersions = operation('readWholeVersions', versions)

async function versions(
  actor: Actor,
  { wanted }: { wanted: readonly { promptId: string; number: number }[] },
): Promise<WholeVersion[]> {
  assertMay(actor, 'read')
  const rows = await onPrimary(({ pool }) =>
    poolQuery(pool, 'prompts.whole_versions')<Row>(VERSIONS, [
      actor.workspaceId,
      wanted.map(({ promptId }) => promptId),
      wanted.map(({ number }) => number),
      actor.label,
    ]),
  )
  return rows.map(({ kind, content, variables, ...version }) => ({
    ...version,
    content: readContent(kind, content),
    variables: readVariables(variables),
  }))
}

/**
 * The names and aliases that no prompt has of those that `readWholePrompts` would read.
 * @throws forbidden, unavailable
 */
export const findMissingNames = operation('findMissingNames', missing)

async function missing(
  actor: Actor,
  chosen: ChosenPrompts & { names: readonly string[] },
): Promise<string[]> {
  assertMay(actor, 'read')
  const rows = await onPrimary(({ pool }) =>
    poolQuery(pool, 'prompts.whole_names')<{ name: string }>(NAMED, chosenValues(actor, chosen).slice(0, 4)),
  )
  const found = new Set(rows.map(({ name }) => name))
  return chosen.names.filter((name) => !found.has(name))
}
