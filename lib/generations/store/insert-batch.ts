import type { Actor } from '../../access/actor.ts'
import { rightsToKeep } from '../../access/kept-actor.ts'
import { countCaller } from '../../ai/limits/reserve-spending.ts'
import type { LoadedConfiguration } from '../../ai/operations/load-configuration.ts'
import type { Tx } from '../../db/client.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { inSlices } from '../../pacing.ts'
import type { RunVersion } from '../../prompts/operations/runs/prepare-run.ts'
import { usageBuffer } from '../../usage/recording/record.ts'
import type { GenerationBatch } from '../schema.ts'
import { assertRoomToWait } from './waiting.ts'

/** What one statement takes at most, so that neither this process nor the database is held by it. */
const ROWS_AT_ONCE = 500
const CHARACTERS_AT_ONCE = 1_048_576

export interface NewBatch {
  run: RunVersion
  /** JSON texts, checked against the variables of the version. */
  values: readonly string[]
  configurations: readonly LoadedConfiguration[]
}

/**
 * Writes a batch and its generations, which are not rendered yet.
 * @throws rate_limited, conflict when the version was redacted meanwhile
 */
export async function insertBatch(tx: Tx, actor: Actor, batch: NewBatch): Promise<GenerationBatch> {
  const { run, values, configurations } = batch
  const { workspaceId: workspace_id } = actor
  const { prompt_id, version, label } = run
  const id = newId()
  const total = values.length * configurations.length
  await holdVersion(tx, workspace_id, run)
  await assertRoomToWait(tx, actor, total)
  const { created_at } = await tx.generationBatch.create({
    data: { id, workspace_id, prompt_id, version_number: version, label, total, created_by: actor.id },
    select: { created_at: true },
  })
  await insertRows(tx, actor, id, batch)
  const author = await tx.actor.findFirstOrThrow({
    where: { workspace_id, id: actor.id },
    select: { id: true, kind: true, display: true },
  })
  // Last: the row of the limit stays locked until the transaction ends.
  await countCaller(tx, { workspaceId: workspace_id, callerId: actor.id, requests: total })
  return {
    id,
    prompt: run.name,
    version,
    label,
    total,
    counts: { queued: total, running: 0, succeeded: 0, failed: 0, cancelled: 0 },
    cost: null,
    author,
    created_at: created_at.toISOString(),
    finished_at: null,
    cancel_requested_at: null,
  }
}

/** A redaction erases the values of what waits: it comes before these are written, or after all of them are. */
async function holdVersion(tx: Tx, workspaceId: string, { prompt_id, version }: RunVersion): Promise<void> {
  const [row] = await tx.$queryRaw<{ is_redacted: boolean | null }[]>`
    SELECT hold_prompt_version(${workspaceId}::uuid, ${prompt_id}::uuid, ${version}::integer) AS is_redacted`
  if (row?.is_redacted === true)
    throw appError(
      'conflict',
      `Version ${version} was redacted at the same moment: it cannot be run any more.`,
    )
}

const INSERT_ROWS = `INSERT INTO generated_content (id, workspace_id, prompt_id, version_number, label, checksum, surface,
    request_id, created_by, batch_id, queue, status, variables, configuration_id, configuration, rights,
    client_name)
  SELECT r.id, $1::uuid, $2::uuid, $3::integer, $4, $5, $6, $7, $8::uuid, $9::uuid, 'batch', 'queued', r.variables, c.id, c.facts, $15::json, $16
  FROM unnest($10::text[]::uuid[], $11::text[]::json[], $12::integer[]) AS r (id, variables, configuration)
  JOIN unnest($13::text[]::uuid[], $14::text[]::json[]) WITH ORDINALITY AS c (id, facts, number)
    ON c.number = r.configuration`

interface Row {
  id: string
  values: string
  /** Place among the configurations, from 1. */
  configuration: number
}

/** A part at a time, with a pause for everything else between two of them. */
async function insertRows(tx: Tx, actor: Actor, batchId: string, batch: NewBatch): Promise<void> {
  const { run, configurations } = batch
  const { prompt_id, version, label, checksum } = run
  const { workspaceId, id: callerId, request } = actor
  const ids = configurations.map((each) => each.id)
  const facts = configurations.map((each) => JSON.stringify(each.facts))
  const rights = JSON.stringify(rightsToKeep(actor))
  const clientName = usageBuffer().clientName(actor)
  const pause = inSlices()
  for (const rows of partsOf(batch)) {
    await tx.$executeRawUnsafe(
      INSERT_ROWS,
      workspaceId,
      prompt_id,
      version,
      label,
      checksum,
      request.surface,
      request.id,
      callerId,
      batchId,
      rows.map(({ id }) => id),
      rows.map(({ values }) => values),
      rows.map(({ configuration }) => configuration),
      ids,
      facts,
      rights,
      clientName,
    )
    await pause()
  }
}

function* partsOf({ values, configurations }: NewBatch): Generator<Row[]> {
  let part: Row[] = []
  let characters = 0
  for (const text of values) {
    for (let configuration = 1; configuration <= configurations.length; configuration++) {
      part.push({ id: newId(), values: text, configuration })
      characters += text.length
      if (part.length < ROWS_AT_ONCE && characters < CHARACTERS_AT_ONCE) continue
      yield part
      part = []
      characters = 0
    }
  }
  if (part.length > 0) yield part
}
