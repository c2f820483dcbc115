import { readFile } from 'node:fs/promises'
import { isIncipitError } from '../../http/problem.ts'
import type { Registry } from '../../registry/registry.ts'
import { type Command, EXIT, type Given, type Result } from '../command.ts'
import { connect } from '../connection.ts'
import { filesToImport } from '../files-to-import.ts'

export const importCommand: Command = {
  name: 'import',
  words: 'FILES…',
  summary: 'bring prompts of other tools to the instance',
  details: `Sends files, folders or a zip to the instance, which recognizes their form, converts texts of other template
languages and tells for each prompt what happens to it. All or nothing; --undo takes an import back.`,
  options: {
    'dry-run': { type: 'boolean', help: 'Tell what would happen, and change nothing' },
    format: { type: 'string', value: 'FORMAT', help: 'Form of all files, where it is not recognized' },
    category: { type: 'string', value: 'SLUG', help: 'Category of prompts that have none' },
    tag: { type: 'string', multiple: true, value: 'TAG', help: 'Tag of every new prompt' },
    'on-conflict': {
      type: 'string',
      value: 'version|rename|skip',
      help: 'What to do where a name is taken',
    },
    plan: {
      type: 'string',
      value: 'FILE',
      help: 'Plan as JSON (POST /api/import), in place of these options',
    },
    undo: { type: 'string', value: 'ID', help: 'Take this import back' },
  },
  run,
}

interface ImportItem {
  name: string
  action: string
  version?: number
  notes: { line?: number; message: string }[]
  source: { path: string; entry?: string; format: string }
}

interface ImportAnswer {
  id: string | null
  items: ImportItem[]
  unread?: string[]
}

/** Large files take their time. */
const TIMEOUT_MS = 300_000

async function run(given: Given): Promise<Result> {
  const registry = await connect(given)
  const undo = given.text('undo')
  if (undo !== undefined) {
    const { body } = await registry.transport.call<Record<string, unknown>>(
      `/api/import/${encodeURIComponent(undo)}/undo`,
      { method: 'POST', body: {} },
    )
    return { code: EXIT.well, lines: [`The import ${undo} was taken back.`], data: body }
  }
  const { files, left } = await filesToImport(given.words)
  const form = new FormData()
  for (const { name, bytes } of files) form.append('file', new Blob([bytes]), name)
  const plan = await planOf(given)
  if (plan !== undefined) form.append('plan', plan)
  const dryRun = given.flag('dry-run')
  const body = await send(registry, form, dryRun)
  const isNo = body.items.some(({ action }) => action === 'conflict' || action === 'refused')
  return { code: isNo ? EXIT.no : EXIT.well, lines: [...leftOut(left), ...linesOf(body, dryRun)], data: body }
}

/** Where nothing can be made, the refusal tells of each item as an answer does. */
async function send(registry: Registry, form: FormData, dryRun: boolean): Promise<ImportAnswer> {
  try {
    const { body } = await registry.transport.call<ImportAnswer>('/api/import', {
      method: 'POST',
      form,
      query: dryRun ? { dry_run: 'true' } : {},
      timeoutMs: TIMEOUT_MS,
    })
    return body
  } catch (error) {
    if (!isIncipitError(error) || !Array.isArray(error.extra['items'])) throw error
    const { items, unread } = error.extra as { items: ImportItem[]; unread?: string[] }
    return { id: null, items, ...(unread !== undefined && { unread }) }
  }
}

function leftOut(count: number): string[] {
  if (count === 0) return []
  return [`left out     ${count} hidden files, packages and links: name a hidden folder or file to bring it`]
}

function linesOf({ id, items, unread = [] }: ImportAnswer, dryRun: boolean): string[] {
  return [
    ...items.flatMap(({ action, name, version, source, notes }) => [
      `${action.padEnd(12)} ${name}${version === undefined ? '' : ` (version ${version})`}, from ${source.path}`,
      ...notes.map(
        ({ line, message }) => `             ${line === undefined ? '' : `line ${line}: `}${message}`,
      ),
    ]),
    ...unread.map((file) => `no prompt    ${file}`),
    dryRun || id === null ? 'Nothing was changed.' : `Taken back by: incipit import --undo ${id}`,
  ]
}

async function planOf(given: Given): Promise<string | undefined> {
  const file = given.text('plan')
  if (file !== undefined) return readFile(file, 'utf8')
  const [format, category, conflict] = [
    given.text('format'),
    given.text('category'),
    given.text('on-conflict'),
  ]
  const tags = given.list('tag')
  const defaults = {
    ...(category !== undefined && { category }),
    ...(tags.length > 0 && { tags }),
    ...(conflict !== undefined && { on_conflict: conflict }),
  }
  if (format === undefined && Object.keys(defaults).length === 0) return undefined
  return JSON.stringify({
    ...(format !== undefined && { format }),
    ...(Object.keys(defaults).length > 0 && { defaults }),
  })
}
