import type { Actor } from '../../access/actor.ts'
import { newestPage, type Position } from '../../cursor.ts'
import { readReplica } from '../../db/read.ts'
import type { PageQuery } from '../../page.ts'
import { operation } from '../../telemetry/operation.ts'
import { assertMay } from '../policy.ts'
import type { BatchPage, GenerationBatch } from '../schema.ts'
import { BATCH, type BatchRow } from '../store/stored-batch.ts'

const timeOf = ({ created_at }: GenerationBatch) => created_at

/**
 * A page of batches with their progress, the newest first.
 * @throws invalid_input (cursor, limit), forbidden, unavailable
 */
export const listBatches = operation('listBatches', run)

async function run(actor: Actor, input: PageQuery): Promise<BatchPage> {
  assertMay(actor, 'read')
  const scope = { list: 'batches', filters: { pin: actor.label } }
  return newestPage(scope, input, timeOf, (after, most) =>
    readReplica(actor, async (pool) => {
      const { rows } = await pool.query<BatchRow>(listStatement(actor, after, most))
      return rows.map(({ item }) => item)
    }),
  )
}

/** Sorted before it is counted: only the batches of the page are added up. */
function listStatement(
  { workspaceId, label }: Pick<Actor, 'workspaceId' | 'label'>,
  after: Position | undefined,
  most: number,
): { text: string; values: unknown[] } {
  const values: unknown[] = []
  const bind = (value: unknown, type: string) => `$${values.push(value)}::${type}`
  const where = [`b.workspace_id = ${bind(workspaceId, 'uuid')}`]
  if (label !== null) where.push(`b.label = ${bind(label, 'text')}`)
  if (after !== undefined)
    where.push(`(b.created_at, b.id) < (${bind(after[0], 'timestamptz')}, ${bind(after[1], 'uuid')})`)
  const text = `SELECT ${BATCH.columns} FROM (
      SELECT * FROM generation_batch b WHERE ${where.join(' AND ')}
      ORDER BY b.created_at DESC, b.id DESC LIMIT ${bind(most, 'integer')}
    ) b ${BATCH.joins} ORDER BY b.created_at DESC, b.id DESC`
  return { text, values }
}
