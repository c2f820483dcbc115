import { unzipSync } from 'fflate'
import type { Actor } from '../access/actor.ts'
import { type AppError, isAppError } from '../errors.ts'
import type { TestRuntime } from '../testing/runtime.ts'
import { exportPrompts } from './operations/export-prompts.ts'
import { type ImportRequest, importPrompts } from './operations/import-prompts.ts'
import type { ExportQuery, ImportAnswer } from './schema.ts'

/** A prompt file with this front matter. */
export const file = (head: string, text: string) => `---\n${head}\n---\n${text}\n`

/** Imports files by their paths. */
export function bringTo(app: TestRuntime) {
  return (files: Record<string, string>, more: Partial<ImportRequest> = {}, actor: Actor = app.actor()) =>
    importPrompts(actor, { files: Object.entries(files).map(([path, text]) => ({ path, text })), ...more })
}

/** The error of ours that work ends with. */
export async function errorOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (isAppError(error)) return error
  throw new Error('there was no such error', { cause: error })
}

/** What became of each, by name. */
export const actions = (answer: ImportAnswer) =>
  Object.fromEntries(answer.items.map(({ name, action }) => [name, action]))

/** The texts of an export, by their paths. */
export async function exported(actor: Actor, query: ExportQuery = {}): Promise<Record<string, string>> {
  const { start } = await exportPrompts(actor, query)
  const parts: Uint8Array[] = []
  await new Promise<void>((resolve, reject) => {
    start({
      write: (part) => parts.push(Buffer.from(part)) > 0,
      onDrain: () => undefined,
      end: resolve,
      fail: () => reject(new Error('it was broken off')),
    })
  })
  const files = unzipSync(Buffer.concat(parts))
  return Object.fromEntries(
    Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes).toString()]),
  )
}
