import type { Actor } from '../../access/actor.ts'
import { readReplica } from '../../db/read.ts'
import type { GenerationSummary } from '../schema.ts'
import { type GenerationColumn, TEXT_COLUMNS } from '../status.ts'

/** What a cell of a file holds. */
type Cell = string | number | boolean | Record<string, unknown> | null
/** One line of a file, by the names of its columns. */
export type FileRow = Partial<Record<GenerationColumn, Cell>>

/** The texts of one generation. */
interface Texts {
  id: string
  text: string | null
  variables: Record<string, unknown>
}

/** Texts that are held at a time: each may have megabytes. */
const TEXTS_AT_ONCE = 20

const TEXTS = `SELECT g.id, g.text, g.variables FROM generated_content g
  WHERE g.workspace_id = $1::uuid AND g.id = ANY ($2::uuid[])`

/** Lines of a file, a few at a time, with the columns that are asked for. */
export async function* fileRows(
  actor: Actor,
  items: readonly GenerationSummary[],
  columns: readonly GenerationColumn[],
): AsyncGenerator<FileRow[]> {
  const hasTexts = TEXT_COLUMNS.some((column) => columns.includes(column))
  const step = hasTexts ? TEXTS_AT_ONCE : items.length
  for (let done = 0; done < items.length; done += step) {
    const part = items.slice(done, done + step)
    const texts = hasTexts ? await textsOf(actor, part) : undefined
    yield part.map((item) => {
      const row = { ...cellsOf(item), text: null, variables: null, ...texts?.get(item.id) }
      return Object.fromEntries(columns.map((column) => [column, row[column]]))
    })
  }
}

async function textsOf(actor: Actor, items: readonly GenerationSummary[]): Promise<Map<string, Texts>> {
  const ids = items.map(({ id }) => id)
  const { rows } = await readReplica(actor, (pool) =>
    pool.query<Texts>({ name: 'generations.texts', text: TEXTS, values: [actor.workspaceId, ids] }),
  )
  return new Map(rows.map((row) => [row.id, row]))
}

function cellsOf({ error, author, ratings, ...item }: GenerationSummary) {
  return {
    ...item,
    ...ratings,
    error_code: error?.code ?? null,
    error_message: error?.message ?? null,
    author: author.display,
  }
}
