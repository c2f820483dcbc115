import type { Actor } from '../../access/actor.ts'
import type { Upload } from '../../contract.ts'
import type { ChangeContext } from '../../db/change.ts'
import { insertRows } from '../../db/insert-rows.ts'
import { appError } from '../../errors.ts'
import { newId } from '../../id.ts'
import { savePrompts } from '../../prompts/operations/save-prompts.ts'
import type { SavedPrompt } from '../../prompts/saving-schema.ts'
import { getRuntime } from '../../runtime.ts'
import { operation } from '../../telemetry/operation.ts'
import { Turns } from '../../turns.ts'
import { readFiles } from '../bundle/read-files.ts'
import { keepFiles, keptBefore } from '../kept-files.ts'
import { answerItems, countItems, storable } from '../plan/answer.ts'
import { type PlannedItem, planItems } from '../plan/plan-items.ts'
import { assertMayImport } from '../policy.ts'
import { readAside } from '../reading/read-aside.ts'
import type { ImportAnswer, ImportBody, ImportItem } from '../schema.ts'
import type { SourceFile } from '../source.ts'
import { type Fetched, fetchSource } from '../sources/fetch-source.ts'

export interface ImportRequest extends ImportBody {
  dry_run?: 'true' | 'false' | undefined
  uploads?: readonly Upload[]
  /** What an address gave that is asked again and again: where nothing is new, nothing is put on record. */
  brought?: Fetched
}

/**
 * Imports prompts from files or an address: what can be saved is, in one transaction, and each item says what became of it. A dry run
 * tells what would.
 * @throws invalid_input (no files, a part that is wrong), not_found (what was kept is gone), unprocessable (an entry that leads out of its folder and the
 *   like; nothing at all could be imported, with `items`), too_large, conflict, forbidden,
 *   unavailable, overloaded while others import, upstream_failed (an address that does not do what it should)
 */
export const importPrompts = operation('importPrompts', run)

async function run(actor: Actor, input: ImportRequest): Promise<ImportAnswer> {
  assertMayImport(actor)
  return imports().run(() => bringAndSave(actor, input))
}

/** How many wait for each that runs: what was sent is in memory already. */
const WAITING = 3

/** Imports of this process: a few at a time, since each holds all that it brings. */
function imports(): Turns {
  return getRuntime().once('transfer.imports', ({ config }) => {
    const full = () =>
      appError('overloaded', 'Other imports are under way here. Try again in a moment.', {
        retryAfter: 5,
        extra: { limit: 'limits.imports' },
      })
    return new Turns({ atOnce: config.limits.imports, waiting: () => WAITING * config.limits.imports, full })
  })
}

async function bringAndSave(actor: Actor, input: ImportRequest): Promise<ImportAnswer> {
  const dryRun = input.dry_run === 'true'
  const brought = await bring(actor, input)
  const { files, origin } = brought
  const { format, columns } = input.plan ?? {}
  const read = await readAside(files, { ...(columns && { columns }), format })
  const planned = await planItems(read.items, input.plan)
  const isAgain = input.brought !== undefined
  const made = { ...storable({ unread: read.unread, origin }), isAgain }
  const prompts = planned.flatMap(({ prompt }) => prompt ?? [])
  const finish = (context: ChangeContext, saved: SavedPrompt[]) =>
    keep(actor, context, { ...made, planned }, saved)
  const result = await savePrompts<ImportAnswer>(actor, { prompts, dryRun, finish })
  if ('finished' in result) return result.finished
  const items = answerItems(planned, result.saved, { withConversions: true, withBreaking: true })
  const kept = input.kept ?? keepFiles(actor, brought)
  return { id: null, ...(kept && { kept }), counts: countItems(items), items, unread: made.unread }
}

/** Files that were sent, unpacked, or what an address gives, or either as it was kept. */
async function bring(actor: Actor, input: ImportRequest): Promise<Fetched> {
  const { brought, source, kept } = input
  if (brought !== undefined) return brought
  const sent = filesOf(input)
  if ([sent.length > 0, source !== undefined, kept !== undefined].filter(Boolean).length > 1)
    throw appError('invalid_input', 'Give files, a source, or what was kept', {
      details: [
        {
          path: [kept === undefined ? 'source' : 'kept'],
          code: 'one_of',
          message: 'Files come in one import, an address in another',
        },
      ],
    })
  if (kept !== undefined) return keptBefore(actor, kept)
  return source === undefined
    ? { files: await readFiles(sent), origin: originOf(sent) }
    : await fetchSource(source)
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
  isAgain: boolean
}

/** Keeps what came of it, in the same transaction. */
async function keep(
  actor: Actor,
  { tx, record }: ChangeContext,
  { planned, unread, origin, isAgain }: Made,
  saved: readonly SavedPrompt[],
): Promise<ImportAnswer> {
  // Names of people can be erased, so what is kept has none.
  const kept = answerItems(planned, saved)
  const items = answerItems(planned, saved, { withBreaking: true })
  const counts = countItems(items)
  assertSome(items, unread)
  const effects = saved.flatMap(({ effect }) => effect ?? [])
  if (isAgain && effects.length === 0 && items.every(({ action }) => action === 'unchanged'))
    return { id: null, counts, items, unread }
  const id = newId()
  const formats = [...new Set(items.map(({ source }) => source.format))]
  await insertRows(tx, 'prompt_import', [
    {
      workspace_id: actor.workspaceId,
      id,
      origin,
      formats,
      counts,
      items: kept,
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
