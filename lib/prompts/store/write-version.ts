import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { insertRows } from '../../db/insert-rows.ts'
import { newId } from '../../id.ts'
import { foundIn, type Selector } from '../cache/prompt-cache.ts'
import { CHECKSUM_VERSION } from '../content/checksum.ts'
import { templateFields } from '../content/content-fields.ts'
import type { PreparedVersion } from '../plan/prepare-version.ts'
import { contentText } from '../render/compiled-version.ts'
import type { Prompt, Warning } from '../schema.ts'
import { promptAnswer } from './answer.ts'
import { moveLabel } from './move-label.ts'
import { readStoredPrompt, transactionQuery } from './stored-prompt.ts'

/** Which renderer a version was checked with; raised when the same text may come out differently. */
const RENDERER_VERSION = 'liquid-1'

/** A prompt whose row exists and is locked by the transaction. */
interface Owner {
  id: string
  name: string
}

/** Writes a version, its pinned includes, its labels and the row that search reads. */
export async function writeVersion(
  tx: Tx,
  actor: Actor,
  {
    prompt,
    number,
    version,
    labels,
  }: { prompt: Owner; number: number; version: PreparedVersion; labels: string[] },
): Promise<void> {
  const id = newId()
  await insertRows(tx, 'prompt_version', [versionRow(actor, { id, promptId: prompt.id, number, version })])
  await insertRows(tx, 'version_include', includeRows(actor, id, version.pins))
  for (const label of labels) await moveLabel(tx, actor, prompt.id, { label, to: number })
  await writeSearchRow(tx, actor, prompt, version)
}

/** The row of a version. */
export function versionRow(
  actor: Actor,
  {
    id,
    promptId,
    number,
    version,
  }: { id: string; promptId: string; number: number; version: PreparedVersion },
) {
  const { content, variables, config, title, description, publish, message, checksum } = version
  return {
    id,
    workspace_id: actor.workspaceId,
    prompt_id: promptId,
    number,
    kind: content.kind,
    content: contentText(content),
    variables: variables.map((variable) => ({ ...variable })),
    config,
    title,
    description,
    publish_prompt: publish.prompt,
    publish_tool: publish.tool,
    message,
    checksum,
    checksum_v: CHECKSUM_VERSION,
    renderer_version: RENDERER_VERSION,
    created_by: actor.id,
  }
}

/** The rows of what a version includes, nested ones counted. */
export function includeRows(
  actor: Actor,
  versionId: string,
  { closure }: Pick<PreparedVersion['pins'], 'closure'>,
) {
  return closure.map(({ ref, version_id, prompt_id, depth }) => ({
    workspace_id: actor.workspaceId,
    version_id: versionId,
    ref,
    included_version_id: version_id,
    included_prompt_id: prompt_id,
    depth,
  }))
}

/** The row by which a prompt is found, of its newest version. */
export function searchRow(
  actor: Actor,
  prompt: Owner,
  { title, description, content }: Pick<PreparedVersion, 'title' | 'description' | 'content'>,
) {
  const body = templateFields(content)
    .map((field) => field.text)
    .join('\n')
  return {
    workspace_id: actor.workspaceId,
    prompt_id: prompt.id,
    name: prompt.name,
    title,
    description,
    body,
  }
}

async function writeSearchRow(tx: Tx, actor: Actor, prompt: Owner, version: PreparedVersion): Promise<void> {
  const row = searchRow(actor, prompt, version)
  const { workspace_id, prompt_id, ...data } = row
  await tx.promptSearch.upsert({
    where: { workspace_id_prompt_id: { workspace_id, prompt_id } },
    create: row,
    update: data,
    select: { prompt_id: true },
  })
}

/** The prompt as the transaction leaves it, with the first version that one of the selectors means. */
export async function readAnswer(
  tx: Tx,
  actor: Actor,
  name: string,
  selectors: { first: Selector; else?: Selector },
  warnings?: Warning[],
): Promise<Prompt> {
  const read = (selector: Selector) =>
    readStoredPrompt(transactionQuery(tx), actor.workspaceId, name, selector)
  const found = await read(selectors.first)
  if (found.version !== null || selectors.else === undefined)
    return promptAnswer(actor, foundIn(found, name, selectors.first), warnings)
  return promptAnswer(actor, foundIn(await read(selectors.else), name, selectors.else), warnings)
}

/** What the audit log keeps of a version: facts, never its text. */
export function versionFacts(number: number, version: PreparedVersion): Record<string, unknown> {
  const { checksum, message, publish, pins } = version
  const includes = [...pins.tree].map(([ref, included]) => ({ ref, version: included.version }))
  return { version: number, checksum, message, publish, includes }
}
