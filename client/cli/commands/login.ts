import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { setting } from '../../environment.ts'
import { isIncipitError } from '../../http/problem.ts'
import { type Command, EXIT, type Given, type Result, usage } from '../command.ts'
import { registryOf } from '../connection.ts'
import { keepProfile, type Profile, profilesFile } from '../profiles.ts'

export const loginCommand: Command = {
  name: 'login',
  words: 'URL',
  summary: 'keep the address and key of an instance',
  details: `Asks for a key (Settings, Keys makes one), tries it, and keeps it with the address, in a file that you
alone can read. Where the input is no terminal, the key is read from it:

  incipit login https://prompts.example.org < key.txt

Without a key an instance without accounts is kept. The newest one is used where nothing else is named.`,
  options: {},
  run,
}

async function run(given: Given): Promise<Result> {
  const [word] = given.words
  const url = word ?? given.text('url') ?? setting('INCIPIT_URL')
  if (url === undefined) throw usage('Name the address: incipit login https://prompts.example.org')
  const name = given.text('profile') ?? hostOf(url)
  const key = (await readKey(url)).trim()
  const profile: Profile = { url: url.replace(/\/+$/, ''), ...(key !== '' && { key }) }
  const who = await tried(profile)
  await keepProfile(name, profile)
  return {
    code: EXIT.well,
    lines: [
      `Signed in to ${profile.url}${who === '' ? '' : ` as ${who}`}. Kept as "${name}" in ${profilesFile()}.`,
    ],
    data: { profile: name, url: profile.url, actor: who, file: profilesFile() },
  }
}

function hostOf(url: string): string {
  if (!URL.canParse(url)) throw usage(`"${url}" is no address: it looks like https://prompts.example.org`)
  return new URL(url).host
}

/** @throws when the key is refused */
async function tried(profile: Profile): Promise<string> {
  const registry = registryOf(profile)
  try {
    const { display = '' } = await registry.me()
    return display
  } catch (error) {
    // A key needs no right to ask who it is but the one to be there.
    if (!isIncipitError(error) || error.status !== 403) throw error
    return ''
  }
}

async function readKey(url: string): Promise<string> {
  if (!process.stdin.isTTY) {
    let text = ''
    for await (const piece of process.stdin) text += String(piece)
    return text
  }
  process.stderr.write(`Key for ${url} (nothing is shown; empty for none): `)
  // What is typed is not shown.
  const silent = new Writable({ write: (_piece, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await lines.question('')
  } finally {
    lines.close()
    process.stderr.write('\n')
  }
}
