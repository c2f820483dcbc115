import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import type { Json } from '../../liquid/json.ts'
import type { BaseVersion } from '../plan/prepare-version.ts'
import { readContent } from '../render/compiled-version.ts'
import type { PromptToSave } from '../saving-schema.ts'
import { transactionQuery } from '../store/stored-prompt.ts'
import { readVariables } from '../variables/variables.ts'

/** A prompt that is there already. */
export interface ExistingPrompt {
  id: string
  name: string
  category_id: string | null
  category: string | null
  tags: string[]
  aliases: string[]
  archived: boolean
  latest: number
  labels: Map<string, number>
  /** The newest version; undefined when it was redacted. */
  newest: BaseVersion | undefined
}

/** What is there before many prompts are saved. */
export interface State {
  /** By each of the names and aliases that were asked for. */
  prompts: Map<string, ExistingPrompt>
  /** All names and aliases that are taken, as far as they matter, and by which prompt. */
  taken: Map<string, string>
  /** Ids by slug. */
  categories: Map<string, string>
  protectedLabels: Set<string>
  /** Labels whose move must break no caller. */
  contracts: Set<string>
}

const HIGHEST_SUFFIX = 50

/** Names that are tried in place of one that is taken. */
export function otherNames(name: string): string[] {
  return Array.from({ length: HIGHEST_SUFFIX - 1 }, (_, index) => {
    const suffix = `-${index + 2}`
    return name.slice(0, 64 - suffix.length) + suffix
  })
}

interface PromptRow {
  asked: string
  id: string
  name: string
  category_id: string | null
  category: string | null
  tags: string[]
  archived: boolean
  latest: number
  labels: Record<string, number> | null
  kind: 'text' | 'chat' | null
  content: string
  variables: Json
  config: { [key: string]: Json }
  title: string
  description: string
  publish: BaseVersion['publish']
  redacted: boolean
}

const LOCK = `SELECT t.id FROM prompt_template t WHERE t.workspace_id = $1::uuid AND t.id IN (
    SELECT n.prompt_id FROM prompt_name n WHERE n.workspace_id = $1::uuid AND n.name = ANY ($2::text[]))
  ORDER BY t.id FOR NO KEY UPDATE OF t`

const PROMPTS = `SELECT n.name AS asked, t.id, t.name, t.category_id, c.slug AS category, t.tags,
    t.archived_at IS NOT NULL AS archived, t.next_version - 1 AS latest,
    (SELECT json_object_agg(l.label, l.version_number) FROM prompt_label l
      WHERE l.workspace_id = t.workspace_id AND l.prompt_id = t.id) AS labels,
    v.kind, v.content, v.variables, v.config, v.title, v.description, v.redacted_at IS NOT NULL AS redacted,
    json_build_object('prompt', v.publish_prompt, 'tool', v.publish_tool, 'skill', v.publish_skill) AS publish
  FROM prompt_name n
  JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
  LEFT JOIN category c ON c.workspace_id = t.workspace_id AND c.id = t.category_id
  LEFT JOIN prompt_version v ON v.workspace_id = t.workspace_id AND v.prompt_id = t.id AND v.number = t.next_version - 1
  WHERE n.workspace_id = $1::uuid AND n.name = ANY ($2::text[])`

const HOLDERS = `SELECT n.name, t.name AS holder FROM prompt_name n
  JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
  WHERE n.workspace_id = $1::uuid AND n.name = ANY ($2::text[])`

const ALIASES = `SELECT n.prompt_id, n.name FROM prompt_name n
  WHERE n.workspace_id = $1::uuid AND n.is_alias AND n.prompt_id = ANY ($2::uuid[]) ORDER BY n.name`

/**
 * Reads what is there of many prompts by a handful of statements.
 * @param lock in a transaction that saves: nobody changes these prompts until it has ended
 */
export async function readState(
  tx: Tx,
  { workspaceId }: Actor,
  wanted: readonly PromptToSave[],
  { lock }: { lock: boolean },
): Promise<State> {
  const query = transactionQuery(tx)
  const names = [...new Set(wanted.map(({ name }) => name))]
  // Categories before prompts, as everywhere: nobody waits in a circle.
  const categories = await query<{ id: string; slug: string }>(
    `SELECT id, slug FROM category WHERE workspace_id = $1::uuid ORDER BY id${lock ? ' FOR KEY SHARE' : ''}`,
    [workspaceId],
  )
  if (lock) await query(LOCK, [workspaceId, names])
  const rows = await query<PromptRow>(PROMPTS, [workspaceId, names])
  const ids = [...new Set(rows.map(({ id }) => id))]
  const aliases = await query<{ prompt_id: string; name: string }>(ALIASES, [workspaceId, ids])
  const aliasesOf = Map.groupBy(aliases, ({ prompt_id }) => prompt_id)
  const more = moreNames(wanted, new Set(rows.map(({ asked }) => asked)))
  const others = await query<{ name: string; holder: string }>(HOLDERS, [workspaceId, more])
  const rules = await query<{ label: string; protected: boolean; contract: string | null }>(
    'SELECT label, protected, contract FROM label_rule WHERE workspace_id = $1::uuid',
    [workspaceId],
  )
  const protectedLabels = rules.flatMap((rule) => (rule.protected ? [rule.label] : []))
  return {
    prompts: new Map(rows.map((row) => [row.asked, existing(row, aliasesOf.get(row.id) ?? [])])),
    taken: new Map([
      ...rows.map(({ asked, name }) => [asked, name] as const),
      ...others.map(({ name, holder }) => [name, holder] as const),
    ]),
    categories: new Map(categories.map(({ id, slug }) => [slug, id])),
    protectedLabels: new Set(['production', ...protectedLabels]),
    contracts: new Set(rules.flatMap((rule) => (rule.contract === 'required' ? [rule.label] : []))),
  }
}

/** Names that may be taken besides: aliases, and names in place of those that are. */
function moreNames(wanted: readonly PromptToSave[], found: ReadonlySet<string>): string[] {
  const more = new Set(wanted.flatMap(({ aliases }) => aliases))
  const seen = new Set(found)
  for (const { name, aliases, onConflict } of wanted) {
    if (onConflict === 'rename' && seen.has(name)) for (const other of otherNames(name)) more.add(other)
    for (const each of [name, ...aliases]) seen.add(each)
  }
  return [...more]
}

function existing(row: PromptRow, aliases: readonly { name: string }[]): ExistingPrompt {
  const { id, name, category, category_id, tags, archived, latest, labels } = row
  return {
    id,
    name,
    category,
    category_id,
    tags,
    aliases: aliases.map((each) => each.name),
    archived,
    latest,
    labels: new Map(Object.entries(labels ?? {})),
    newest: row.redacted ? undefined : newestOf(row),
  }
}

function newestOf({ kind, content, variables, config, title, description, publish }: PromptRow) {
  if (kind === null) return undefined
  return {
    content: readContent(kind, content),
    variables: readVariables(variables),
    config,
    title,
    description,
    publish,
  }
}
