import { lstat, mkdir, readdir, readFile, rm, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { type PromptFile, PromptFileError } from '#lib/transfer/file/prompt-file.ts'
import { readPromptFile } from '#lib/transfer/file/read-prompt-file.ts'
import type { TextPlace } from '#lib/transfer/source.ts'
import { incipitError } from '../http/problem.ts'
import { inTurns } from '../registry/in-turns.ts'
import { hashOf, type Lock } from './lock.ts'
import { conflictLine } from './merge-texts.ts'
import { replaceFile } from './replace-file.ts'

const FILES_AT_ONCE = 32

/** A file of the folder that is meant as a prompt. */
export interface LocalFile {
  /** Within the folder, with `/`. */
  file: string
  /** With LF. */
  text: string
  /** undefined: it cannot be read. */
  prompt: PromptFile | undefined
  places: readonly TextPlace[]
  problem: { line: number; message: string; kind: 'format' | 'conflict' } | undefined
}

/** A folder of prompt files. Nothing is read or written outside of it, nor through a link. */
export class PromptFolder {
  readonly place: string

  constructor(place: string) {
    this.place = path.resolve(place)
  }

  /**
   * Every prompt file, in the order of the paths. A Markdown file without front matter is none.
   * @param lock a file that is as it says is as the server has it: conflict markers are its own text
   */
  async read(lock: Lock | undefined): Promise<LocalFile[]> {
    const pulled = new Set([...(lock?.prompts.values() ?? [])].map(({ sha256 }) => sha256))
    const found = await inTurns(await this.#names(), FILES_AT_ONCE, async (file) => {
      const text = (await this.text(file)) ?? ''
      return isMeant(text) ? [readLocal(file, text, pulled.has(hashOf(text)))] : []
    })
    return found.flat()
  }

  /** Its text with LF; undefined: it is not there. */
  async text(file: string): Promise<string | undefined> {
    const place = await this.#inside(file)
    try {
      return (await readFile(place, 'utf8')).replaceAll('\r\n', '\n')
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  async write(file: string, text: string): Promise<void> {
    const place = await this.#inside(file)
    await mkdir(path.dirname(place), { recursive: true })
    await replaceFile(place, text)
  }

  /** Removes a file, and the folder that it leaves empty. */
  async remove(file: string): Promise<void> {
    const place = await this.#inside(file)
    await rm(place, { force: true })
    if (path.dirname(place) !== this.place) await rmdir(path.dirname(place)).catch(() => undefined)
  }

  async #names(): Promise<string[]> {
    try {
      const entries = await readdir(this.place, { recursive: true, withFileTypes: true })
      return entries
        .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
        .map((entry) =>
          path.relative(this.place, path.join(entry.parentPath, entry.name)).replaceAll('\\', '/'),
        )
        .filter((file) => !/(?:^|\/)(?:\.|node_modules\/)/.test(file))
        .toSorted()
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }

  /** @throws IncipitError for a path that leads elsewhere, or goes through a link */
  async #inside(file: string): Promise<string> {
    const place = path.resolve(this.place, file)
    const inner = path.relative(this.place, place)
    if (inner === '' || path.isAbsolute(inner) || inner.split(path.sep)[0] === '..')
      throw incipitError('invalid_input', `${file} is outside of ${this.place}: nothing was done with it.`)
    let at = this.place
    for (const part of inner.split(path.sep)) {
      at = path.join(at, part)
      const found = await lstat(at).catch(() => undefined)
      if (found?.isSymbolicLink())
        throw incipitError('invalid_input', `${at} is a link: prompt files are kept as files.`)
    }
    return place
  }
}

function isMeant(text: string): boolean {
  return /^\uFEFF?---[ \t]*\n/.test(text)
}

/** Reads a text as a prompt file. @param isPulled it is as the server has it */
export function readLocal(file: string, text: string, isPulled = false): LocalFile {
  const conflict = isPulled ? undefined : conflictLine(text)
  if (conflict !== undefined) {
    const message =
      'There are conflict markers: choose what shall stand, and remove the lines <<<<<<<, ======= and >>>>>>>'
    return {
      file,
      text,
      prompt: undefined,
      places: [],
      problem: { line: conflict, message, kind: 'conflict' },
    }
  }
  try {
    const { prompt, places } = readPromptFile(text, path.posix.basename(file, '.md'))
    return { file, text, prompt, places, problem: undefined }
  } catch (error) {
    if (!(error instanceof PromptFileError)) throw error
    const { line, message } = error
    return { file, text, prompt: undefined, places: [], problem: { line, message, kind: 'format' } }
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
}
