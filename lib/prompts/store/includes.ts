import type { Actor } from '../../access/actor.ts'
import type { Tx } from '../../db/client.ts'
import { appError, type ErrorDetail, overLimit } from '../../errors.ts'
import type { IncludeTree, IncludeUse } from '../../liquid/types.ts'
import { getRuntime } from '../../runtime.ts'
import { restoring } from '../errors.ts'
import { PRODUCTION } from '../name.ts'
import { includeTrees } from '../render/compiled-version.ts'
import { type Query, readIncluded, type StoredIncluded, type StoredRead } from './stored-prompt.ts'

/** One row of a version's pinned closure. */
export interface PinnedInclude {
  ref: string
  version_id: string
  prompt_id: string
  /** 1: written in the version's own text. */
  depth: number
}

/** What the references of a text are pinned to. */
export interface Pins {
  tree: IncludeTree
  closure: PinnedInclude[]
  included: Pick<StoredIncluded, 'kind' | 'content'>[]
  problems: ErrorDetail[]
}

/** Pins of versions that are stored. */
export interface StoredPins extends Pins {
  included: StoredIncluded[]
}

/** What a reference may be pinned to. */
export interface Candidate {
  ref: string
  prompt_id: string | null
  archived: boolean
  version_id: string | null
  kind: string | null
  redacted: boolean
}

/**
 * Pins each reference of a text to a version: the one it names, else the other prompt's production, else
 * its newest. References that cannot be pinned are named with their places. For an actor pinned to a label there
 * is the version that its label names, and no other.
 * @throws too_large past `limits.includes`
 * @param lock inside a transaction that saves: no included prompt can be archived until it has ended
 */
export async function pinIncludes(
  query: Query,
  actor: Actor,
  includes: readonly IncludeUse[],
  { lock }: { lock: boolean },
): Promise<StoredPins> {
  const uses = new Map(includes.map((use) => [use.ref, use]))
  const none = { tree: new Map(), closure: [], included: [] }
  if (uses.size === 0) return { ...none, problems: [] }
  // It does not look for more than can be kept.
  const most = getRuntime().config.limits.includes
  if (uses.size > most)
    throw overLimit('limits.includes', `A version includes at most ${most} others`, includes[0]?.path)
  const candidates = await findCandidates(query, actor, [...uses.values()], lock)
  const problems = candidates.flatMap((candidate) => {
    const problem = problemOf(candidate)
    return problem === undefined ? [] : placesOf(includes, candidate.ref, problem)
  })
  const pinned = candidates.filter((candidate) => problemOf(candidate) === undefined)
  const ids = pinned.flatMap(({ version_id }) => version_id ?? [])
  const read = await readIncluded(query, actor.workspaceId, [...new Set(ids)])
  return { ...pinsOf(pinned, read), included: read.included, problems }
}

const LOCK = `SELECT t.id FROM prompt_name n
  JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
  WHERE n.workspace_id = $1::uuid AND n.name = ANY ($2::text[]) ORDER BY t.id FOR SHARE OF t`

const CANDIDATES = `SELECT wanted.ref, t.id AS prompt_id, t.archived_at IS NOT NULL AS archived,
    v.id AS version_id, v.kind, v.redacted_at IS NOT NULL AS redacted
  FROM unnest($2::text[], $3::text[], $4::integer[]) AS wanted (ref, name, number)
  LEFT JOIN prompt_name n ON n.workspace_id = $1::uuid AND n.name = wanted.name
  LEFT JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
  LEFT JOIN prompt_label l ON l.workspace_id = t.workspace_id AND l.prompt_id = t.id AND l.label = $5::text
  LEFT JOIN prompt_version v ON v.workspace_id = t.workspace_id AND v.prompt_id = t.id
    AND v.number = coalesce(wanted.number, l.version_number, t.next_version - 1)
    AND ($6::text IS NULL OR v.number = CASE WHEN $6::text = 'latest' THEN t.next_version - 1 ELSE l.version_number END)`

/** What each reference means now. @param lock as for `pinIncludes` */
export async function findCandidates(
  query: Query,
  { workspaceId, label: pin }: Actor,
  uses: readonly Pick<IncludeUse, 'ref' | 'name' | 'version'>[],
  lock: boolean,
): Promise<Candidate[]> {
  const names = uses.map((use) => use.name)
  if (lock) await query(LOCK, [workspaceId, names])
  // A number that no version can have finds none.
  const numbers = uses.map(({ version }) => (version === undefined ? null : Math.min(version, 2_147_483_647)))
  const refs = uses.map((use) => use.ref)
  return query<Candidate>(CANDIDATES, [workspaceId, refs, names, numbers, pin ?? PRODUCTION, pin])
}

/** A reference to a version of which it is known what it says. */
interface SameUse {
  ref: string
  name: string
  checksum: string
}

const SAME = `SELECT DISTINCT ON (wanted.ref, wanted.checksum) wanted.ref, wanted.checksum, t.id AS prompt_id,
    t.archived_at IS NOT NULL AS archived, v.id AS version_id, v.kind, false AS redacted
  FROM unnest($2::text[], $3::text[], $4::text[]) AS wanted (ref, name, checksum)
  JOIN prompt_name n ON n.workspace_id = $1::uuid AND n.name = wanted.name
  JOIN prompt_template t ON t.workspace_id = n.workspace_id AND t.id = n.prompt_id
  JOIN prompt_version v ON v.workspace_id = t.workspace_id AND v.prompt_id = t.id AND v.checksum = wanted.checksum
    AND v.redacted_at IS NULL
  ORDER BY wanted.ref, wanted.checksum, v.number DESC`

/** The newest versions that say what is wanted; references to which there is none are left out. */
export async function findSame(
  query: Query,
  { workspaceId }: Actor,
  wanted: readonly SameUse[],
): Promise<(Candidate & { checksum: string })[]> {
  if (wanted.length === 0) return []
  const refs = wanted.map(({ ref }) => ref)
  const names = wanted.map(({ name }) => name)
  return query(SAME, [workspaceId, refs, names, wanted.map(({ checksum }) => checksum)])
}

interface Problem {
  code: string
  message: string
  hint?: string
}

/** Why a reference cannot be pinned; undefined: it can. */
export function problemOf({
  ref,
  prompt_id,
  archived,
  version_id,
  kind,
  redacted,
}: Candidate): Problem | undefined {
  if (prompt_id === null)
    return { code: 'unknown_include', message: `There is no prompt "${ref}" to include` }
  if (archived) {
    const [name = ref] = ref.split('@')
    return { code: 'archived_include', message: `The prompt "${ref}" is archived`, hint: restoring(name) }
  }
  if (version_id === null)
    return { code: 'unknown_include', message: `There is no version "${ref}" to include` }
  if (redacted) return { code: 'redacted_include', message: `The text of "${ref}" was redacted` }
  if (kind !== 'text')
    return { code: 'chat_include', message: `"${ref}" is a chat; only prompts of one text can be included` }
  return undefined
}

function placesOf(includes: readonly IncludeUse[], ref: string, problem: Problem): ErrorDetail[] {
  return includes.filter((use) => use.ref === ref).map(({ path, range }) => ({ path, range, ...problem }))
}

function pinsOf(
  pinned: Candidate[],
  { includes, included }: Pick<StoredRead, 'includes' | 'included'>,
): Pick<Pins, 'tree' | 'closure'> {
  const root = pinned.flatMap(({ ref, version_id }) =>
    version_id === null ? [] : [{ version_id: '', ref, included_version_id: version_id }],
  )
  const edges = [...root, ...includes]
  return { tree: includeTrees(edges, included)(''), closure: closureOf(edges, included) }
}

/** Walks the references level by level; the depth check at saving has the last word on what is kept. */
function closureOf(edges: StoredRead['includes'], included: StoredIncluded[]): PinnedInclude[] {
  const owners = new Map(included.map((row) => [row.id, row.prompt_id]))
  const closure = new Map<string, PinnedInclude>()
  let level = new Set([''])
  // One more than may be saved, so that what is too deep is found to be.
  const most = getRuntime().config.limits.include_depth + 1
  for (let depth = 1; level.size > 0 && depth <= most; depth++) {
    const below = edges.filter((edge) => level.has(edge.version_id))
    for (const { ref, included_version_id } of below) {
      const prompt_id = owners.get(included_version_id) ?? ''
      closure.set(`${depth} ${ref} ${included_version_id}`, {
        ref,
        version_id: included_version_id,
        prompt_id,
        depth,
      })
    }
    level = new Set(below.map((edge) => edge.included_version_id))
  }
  return [...closure.values()]
}

/**
 * Refuses to archive what the newest version of another prompt includes.
 * @throws conflict naming (the first of) those prompts
 */
export async function assertNotIncluded(
  tx: Tx,
  actor: Actor,
  prompt: { id: string; name: string },
): Promise<void> {
  const users = await tx.$queryRaw<{ name: string }[]>`
    SELECT DISTINCT t.name FROM version_include i
    JOIN prompt_version v ON v.workspace_id = i.workspace_id AND v.id = i.version_id
    JOIN prompt_template t ON t.workspace_id = v.workspace_id AND t.id = v.prompt_id
      AND v.number = t.next_version - 1
    WHERE i.workspace_id = ${actor.workspaceId}::uuid AND i.included_prompt_id = ${prompt.id}::uuid
      AND i.depth = 1 AND t.id <> ${prompt.id}::uuid AND t.archived_at IS NULL
    ORDER BY t.name LIMIT 20`
  if (users.length === 0) return
  const names = users.map((user) => user.name)
  throw appError(
    'conflict',
    `"${prompt.name}" cannot be archived: it is included by ${names.map((name) => `"${name}"`).join(', ')}.`,
    { extra: { used_by: names } },
  )
}
