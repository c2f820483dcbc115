import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { settingsFolder } from '../environment.ts'
import { replaceFile } from '../files/replace-file.ts'
import { incipitError } from '../http/problem.ts'

export interface Profile {
  url: string
  /** undefined: an instance without accounts. */
  key?: string
}

export interface Profiles {
  default: string | undefined
  profiles: Record<string, Profile>
}

/** Only its owner may read it: keys are in it. */
const MODE = 0o600

export function profilesFile(): string {
  return path.join(settingsFolder() ?? path.join(homedir(), '.config'), 'incipit', 'credentials.json')
}

export async function readProfiles(): Promise<Profiles> {
  const file = profilesFile()
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return { default: undefined, profiles: {} }
    throw error
  }
  try {
    const { default: usual, profiles } = JSON.parse(text) as Partial<Profiles>
    return { default: usual, profiles: profiles ?? {} }
  } catch (error) {
    throw incipitError(
      'invalid_input',
      `${file} is no JSON: delete it, and sign in again by incipit login.`,
      {
        cause: error,
      },
    )
  }
}

/** Keeps an instance under a name; the first one, and the newest, is the usual one. */
export async function keepProfile(name: string, profile: Profile): Promise<void> {
  const { profiles } = await readProfiles()
  const kept: Profiles = { default: name, profiles: { ...profiles, [name]: profile } }
  await replaceFile(profilesFile(), `${JSON.stringify(kept, null, 2)}\n`, MODE)
}
