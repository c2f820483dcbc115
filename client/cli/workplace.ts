import { access } from 'node:fs/promises'
import path from 'node:path'
import { PromptFolder } from '../files/folder.ts'
import { LOCK_FILE, type Lock, readLock } from '../files/lock.ts'
import type { Given } from './command.ts'

const USUAL = 'prompts'

export interface Workplace {
  folder: PromptFolder
  /** As people wrote it, for messages. */
  name: string
  lock: Lock | undefined
}

/** The folder that a command works on: --dir, this one where it has a lock file, else `prompts`. */
export async function workplace(given: Given): Promise<Workplace> {
  const name = given.text('dir') ?? ((await hasLock('.')) ? '.' : USUAL)
  return { folder: new PromptFolder(name), name, lock: await readLock(name) }
}

async function hasLock(folder: string): Promise<boolean> {
  return access(path.join(folder, LOCK_FILE)).then(
    () => true,
    () => false,
  )
}

/** A file of the folder, as a shell here finds it. */
export function shown({ name }: Workplace, file: string): string {
  return path.join(name, file).replaceAll('\\', '/')
}
