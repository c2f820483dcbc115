import type { Actor } from '../../../access/actor.ts'
import { readReplica } from '../../../db/read.ts'
import { operation } from '../../../telemetry/operation.ts'
import { cutText } from '../../../text.ts'
import { LATEST } from '../../name.ts'
import { assertMay } from '../../policy.ts'
import { listPrompts } from '../list-prompts.ts'

/** Whose name is looked for, among the prompts that somebody sees. */
export interface NearNamesRequest {
  name: string
  label: string
  /** Slug; null: every category. */
  category: string | null
}

const NAMES_MAX = 3
/** Some of those that are written alike may be out of sight. */
const CANDIDATES = 50

const SELECT = `SELECT p.name FROM names_like($1::uuid, $2::text, ${CANDIDATES}) near
  JOIN prompt_template p ON p.workspace_id = $1::uuid AND p.id = near.prompt_id AND p.archived_at IS NULL
  LEFT JOIN category c ON c.workspace_id = p.workspace_id AND c.id = p.category_id
  WHERE ($3::text IS NULL OR c.slug = $3::text) AND ($4::text = '${LATEST}' OR EXISTS (SELECT FROM prompt_label l
    WHERE l.workspace_id = p.workspace_id AND l.prompt_id = p.id AND l.label = $4::text))
  GROUP BY p.name ORDER BY max(near.likeness) DESC, p.name LIMIT ${NAMES_MAX}`

/**
 * Names of prompts that somebody may have meant by one that leads nowhere: those that are written like it (an
 * alias stands for its prompt), else those that its words find. At most three, the nearest first.
 * @throws forbidden, unavailable
 */
export const nearNames = operation('nearNames', run)

async function run(actor: Actor, request: NearNamesRequest): Promise<string[]> {
  assertMay(actor, 'read')
  const { category } = request
  const name = bareName(request.name)
  const label = actor.label ?? request.label
  const alike = await readReplica(actor, (pool) =>
    pool.query<{ name: string }>(SELECT, [actor.workspaceId, name, category, label]),
  )
  if (alike.rows.length > 0) return alike.rows.map((row) => row.name)
  const found = await listPrompts(actor, {
    q: name.replace(/[_-]+/g, ' '),
    limit: NAMES_MAX,
    ...(category === null ? {} : { category }),
    ...(label === LATEST ? {} : { label }),
  })
  return [...found.items, ...(found.closest ?? [])].map((each) => each.name)
}

/** Longer texts are no names. */
const LENGTH_MAX = 200

/** How a name would be written that was given as a URI, with a version or in capitals. */
function bareName(given: string): string {
  return cutText(given, LENGTH_MAX)
    .trim()
    .replace(/^prompt:\/\//i, '')
    .replace(/[@/].*$/s, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
}
