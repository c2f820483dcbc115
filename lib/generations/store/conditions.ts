import type { GenerationStatus } from '../status.ts'

/** What narrows generations, checked and resolved. */
export interface Narrowed {
  from?: Date | undefined
  to?: Date | undefined
  status?: GenerationStatus | undefined
  promptId?: string | undefined
  version?: number | undefined
  label?: string | undefined
  configurationId?: string | undefined
  /** What configurations that were deleted were called. */
  formerConfiguration?: string | undefined
  model?: string | undefined
  error?: string | undefined
  author?: string | undefined
  batch?: string | undefined
  /** Empty: those that gave no name. */
  client?: string | undefined
  /** Slug of the category that the prompt is in now; empty: of none. */
  category?: string | undefined
  latency?: Bounds
  cost?: Bounds
}

/** Both ends belong to it. */
interface Bounds {
  min?: number | undefined
  max?: number | undefined
}

/** Makes a value a parameter of its statement: `$3::text`. */
export type Bind = (value: unknown, type: string) => string

/** The parameters of a statement, and what adds one. */
export function parameters(): { values: unknown[]; bind: Bind } {
  const values: unknown[] = []
  return { values, bind: (value, type) => `$${values.push(value)}::${type}` }
}

/**
 * The conditions on the rows `g` of generated_content besides their workspace, only those that are asked for, so that
 * PostgreSQL takes the index that serves them. Every column is one of the index generated_content_figures, or of
 * generated_content_by_former; the category is that of the prompt.
 * @returns SQL that begins with AND, unless there are none
 */
export function conditions(narrowed: Narrowed, bind: Bind): string {
  const { from, to, latency, cost } = narrowed
  const where: string[] = []
  const add = (column: string, operator: string, value: unknown, type: string) => {
    if (value !== undefined) where.push(` AND g.${column} ${operator} ${bind(value, type)}`)
  }
  add('batch_id', '=', narrowed.batch, 'uuid')
  add('prompt_id', '=', narrowed.promptId, 'uuid')
  add('version_number', '=', narrowed.version, 'integer')
  add('configuration_id', '=', narrowed.configurationId, 'uuid')
  add('former_configuration', '=', narrowed.formerConfiguration, 'text')
  add('status', '=', narrowed.status, 'text')
  add('label', '=', narrowed.label, 'text')
  add('model', '=', narrowed.model, 'text')
  add('error_code', '=', narrowed.error, 'text')
  add('created_by', '=', narrowed.author, 'uuid')
  add('created_at', '>=', from, 'timestamptz')
  add('created_at', '<', to, 'timestamptz')
  add('latency_ms', '>=', latency?.min, 'integer')
  add('latency_ms', '<=', latency?.max, 'integer')
  add('cost', '>=', cost?.min, 'numeric')
  add('cost', '<=', cost?.max, 'numeric')
  if (narrowed.client !== undefined)
    where.push(` AND coalesce(g.client_name, '') = ${bind(narrowed.client, 'text')}`)
  if (narrowed.category !== undefined)
    where.push(` AND EXISTS (SELECT FROM prompt_template p
      LEFT JOIN category k ON k.workspace_id = p.workspace_id AND k.id = p.category_id
      WHERE p.workspace_id = g.workspace_id AND p.id = g.prompt_id
        AND coalesce(k.slug, '') = ${bind(narrowed.category, 'text')})`)
  return where.join('')
}
