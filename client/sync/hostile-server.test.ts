import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { PromptFolder } from '../files/folder.ts'
import { Transport } from '../http/transport.ts'
import { bare } from '../prompts/fallback.ts'
import { Registry } from '../registry/registry.ts'
import { pull } from './pull.ts'

let outside: string
beforeEach(async () => {
  outside = await mkdtemp(path.join(tmpdir(), 'incipit-hostile-'))
})
afterEach(() => rm(outside, { recursive: true }))

/** A server that lists and answers what it is told to. */
function lying(listed: object, answered: object): Registry {
  const shelf = { category: null, tags: [], aliases: [], labels: [], latest_version: 1 }
  return new Registry(
    new Transport({
      url: 'http://liar.test',
      key: undefined,
      userAgent: 'test',
      timeoutMs: 1_000,
      retries: 0,
      fetch: async (url) => {
        const isList = new URL(new Request(url).url).pathname === '/api/prompts'
        const body = isList
          ? { items: [{ ...shelf, name: 'fine', ...listed }], next_cursor: null }
          : { ...bare('fine'), ...shelf, template_content: 'x', version: 1, ...answered }
        return new Response(JSON.stringify(body), { headers: { 'content-type': 'application/json' } })
      },
    }),
  )
}

it.each([
  ['a name in its list', { name: '../x' }, {}],
  ['another name in its answer', {}, { name: '../../x' }],
  ['a category', {}, { category: '..' }],
  ['a category with a path', {}, { category: 'a/../../b' }],
])('a server that answers %s that leads elsewhere writes nothing', async (_, listed, answered) => {
  const folder = new PromptFolder(path.join(outside, 'a', 'prompts'))
  await mkdir(folder.place, { recursive: true })
  const lock = { url: '', label: 'latest', prompts: new Map() }
  const options = { label: 'latest', names: [], category: undefined, dryRun: false, force: true }
  await expect(pull(lying(listed, answered), folder, lock, options)).rejects.toMatchObject({
    code: 'unexpected_answer',
  })
  expect(await readdir(outside, { recursive: true })).toEqual(['a', path.join('a', 'prompts')])
})
