import { type Actor, ALL_SCOPES, UNBOUND } from '../access/actor.ts'
import { type Role, type Scope } from '../access/rules.ts'
import { createCategory } from '../categories/operations/create-category.ts'
import type { Category, CreateCategoryInput } from '../categories/schema.ts'
import { newId } from '../id.ts'
import { createPrompt } from '../prompts/operations/create-prompt.ts'
import type { CreatePromptInput, Prompt } from '../prompts/schema.ts'
import { getRuntime } from '../runtime.ts'
import { uniqueName } from './rows.ts'
import { testRequest } from './runtime.ts'

/** A viewer: may read, and neither write nor release. */
export function viewerOf(actor: Actor): Actor {
  return narrowed(actor, { role: 'viewer', scopes: ['prompts:read', 'usage:read'] })
}

/** An editor without the right to release: may write versions, not move labels. */
export function editorOf(actor: Actor): Actor {
  return narrowed(actor, { role: 'editor', scopes: ['prompts:read', 'prompts:write'] })
}

/** The same rights, pinned to one label: nothing else is visible. */
export function pinnedTo(actor: Actor, label: string): Actor {
  return { ...actor, label, request: testRequest() }
}

function narrowed(actor: Actor, rights: { role: Role; scopes: Scope[] }): Actor {
  return { ...actor, role: rights.role, scopes: new Set(rights.scopes), request: testRequest() }
}

/** The owner of another workspace in the same database, which must see nothing of the first. */
export async function makeOtherWorkspace(slug = 'other'): Promise<Actor> {
  const { pool } = getRuntime().database.primary
  const workspaceId = newId()
  const id = newId()
  await pool.query('INSERT INTO workspace (id, slug) VALUES ($1, $2)', [workspaceId, slug])
  await pool.query(
    `INSERT INTO actor (id, workspace_id, kind, display) VALUES ($1, $2, 'person', 'Other owner')`,
    [id, workspaceId],
  )
  return {
    id,
    kind: 'person',
    workspaceId,
    role: 'owner',
    scopes: ALL_SCOPES,
    ...UNBOUND,
    request: testRequest(),
  }
}

/** A second person in the actor's workspace. */
export async function makeColleague(actor: Actor, display = 'Colleague'): Promise<Actor> {
  const id = newId()
  await getRuntime().database.primary.pool.query(
    `INSERT INTO actor (id, workspace_id, kind, display) VALUES ($1, $2, 'person', $3)`,
    [id, actor.workspaceId, display],
  )
  return { ...actor, id, request: testRequest() }
}

/** A text prompt with one version that is in production; what is not given is made up. */
export function makePrompt(actor: Actor, input: Partial<CreatePromptInput> = {}): Promise<Prompt> {
  const text = input.messages === undefined ? { template_content: 'Hello {{ who }}.' } : {}
  return createPrompt(fresh(actor), { name: uniqueName(), ...text, ...input })
}

/** A category; what is not given is made up. */
export function makeCategory(actor: Actor, input: Partial<CreateCategoryInput> = {}): Promise<Category> {
  const slug = input.slug ?? uniqueName('category')
  return createCategory(fresh(actor), { name: slug, ...input, slug })
}

/** The actor in a request of its own: an operation leaves its outcome there. */
function fresh(actor: Actor): Actor {
  return { ...actor, request: testRequest() }
}
