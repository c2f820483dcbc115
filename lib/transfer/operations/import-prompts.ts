import type { Actor } from '../../access/actor.ts'
import type { Upload } from '../../contract.ts'
import type { ChangeContext } from '../../db/change.ts'
import { insertRows } from '../../db/insert-rows.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { savePrompts } from '../../prompts/operations/save-prompts.ts'
import type { SavedPrompt } from '../../prompts/saving-schema.ts'
import { operation } from '../../telemetry/operation.ts'
import { readFiles } from '../bundle/read-files.ts'
import { readSources } from '../formats/index.ts'
import { answerItems, countItems } from '../plan/answer.ts'
import { type PlannedItem, planItems } from '../plan/plan-items.ts'
import { assertMayImport } from '../policy.ts'
import type { ImportAnswer, ImportBody, ImportItem } from '../schema.ts'
import type { SourceFile } from '../source.ts'

export interface ImportRequest extends ImportBody {
  dry_run?: 'true' | 'false' | undefined
  uploads?: readonly Upload[]
}

/**
 * Imports prompts from files: what can be saved is, in one transaction, and each item says what became of it. A dry run
 * tells what would.
 * @throws invalid_input (no files, a part that is wrong), unprocessable (an entry that leads out of its folder and the
 *   like; nothing at all could be imported, with `items`), too_large, conflict, forbidden, unavailable
 */
export const importPrompts = operation('importPrompts', run)

async function run(actor: Actor, input: ImportRequest): Promise<ImportAnswer> {
  assertMayImport(actor)
  const dryRun = input.dry_run === 'true'
  const brought = filesOf(input)
  const files = await readFiles(brought)
  const { format, columns } = input.plan ?? {}
  const read = readSources(files, { ...(columns && { columns }), format })
  const planned = planItems(read.items, input.plan)
  const made = { planned, unread: read.unread.map(({ path }) => path), origin: originOf(brought) }
  const prompts = planned.flatMap(({ prompt }) => prompt ?? [])
  const finish = (context: ChangeContext, saved: SavedPrompt[]) => keep(actor, context, made, saved)
  const result = await savePrompts<ImportAnswer>(actor, { prompts, dryRun, finish })
  if ('finished' in result) return result.finished
  const items = answerItems(planned, result.saved, { withConversions: true })
  return { id: null, counts: countItems(items), items, unread: made.unread }
}

function filesOf({ uploads = [], files = [] }: ImportRequest): SourceFile[] {
  return [
    ...uploads,
    ...files.map(({ path, text, base64 }) => ({
      path,
      bytes: text === undefined ? Buffer.from(base64 ?? '', 'base64') : Buffer.from(text),
    })),
  ]
}

function originOf(brought: readonly SourceFile[]): string {
  const [first] = brought
  return brought.length === 1 && first !== undefined ? first.path.slice(-200) : `${brought.length} files`
}

interface Made {
  planned: readonly PlannedItem[]
  unread: string[]
  origin: string
}

/** Keeps what came of it, in the same transaction. */
async function keep(
  actor: Actor,
  { tx, record }: ChangeContext,
  { planned, unread, origin }: Made,
  saved: readonly SavedPrompt[],
): Promise<ImportAnswer> {
  const items = answerItems(planned, saved, { withConversions: false })
  const counts = countItems(items)
  assertSome(items, unread)
  const id = newId()
  const formats = [...new Set(items.map(({ source }) => source.format))]
  const effects = saved.flatMap(({ effect }) => effect ?? [])
  await insertRows(tx, 'prompt_import', [
    {
      workspace_id: actor.workspaceId,
      id,
      origin,
      formats,
      counts,
      items,
      unread,
      effects,
      created_by: actor.id,
    },
  ])
  record({
    action: 'import.create',
    target: { kind: 'import', id, name: origin },
    after: { formats, ...counts },
  })
  return { id, counts, items, unread }
}

/** @throws unprocessable with the items when nothing is made of any of them */
function assertSome(items: readonly ImportItem[], unread: readonly string[]): void {
  if (items.some(({ action }) => action !== 'refused' && action !== 'conflict')) return
  const [first] = items
  const reason = first?.notes.at(-1)?.message
  const said =
    first === undefined
      ? `No prompt was found in ${unread.slice(0, 5).join(', ')}. /docs/import says what can be imported.`
      : `Nothing could be imported. ${first.name}: ${reason ?? first.action}`
  throw appError('unprocessable', said, {
    details: [{ path: ['file'], code: 'nothing_imported', message: said }],
    extra: { items: items.slice(0, 1000), unread: unread.slice(0, 1000) },
  })
}
