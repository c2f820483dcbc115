import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isAppError } from '../../errors.ts'
import { getPrompt } from '../../prompts/operations/get-prompt.ts'
import { type TestRuntime, testRuntime } from '../../testing/runtime.ts'
import { importPrompts } from '../operations/import-prompts.ts'
import { json, sourceDouble } from '../sources/testing.ts'
import { readSources } from './index.ts'
import { fixtures } from './testing.ts'

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

const FOLDERS = [
  'agents',
  'claude-prompts',
  'claude-prompts-list',
  'dotprompt',
  'fabric',
  'github-models',
  'langchain',
  'langfuse',
  'mcp',
  'openai',
  'promptfoo',
  'prompty',
  'semantic-kernel',
  'skills',
  'tables',
  'texts',
]

describe('what is read of other tools', () => {
  it.each(FOLDERS)('can be saved: %s', async (folder) => {
    const brought = fixtures(folder)
    const { items: read } = readSources(brought, {})
    const { items } = await importPrompts(app.actor(), {
      files: brought.map(({ path, bytes }) => ({ path, base64: Buffer.from(bytes).toString('base64') })),
    })
    const refused = read.filter(({ kind }) => kind === 'refused').map(({ origin }) => origin.path)
    expect(
      items
        .filter(({ action }) => action === 'refused')
        .map(({ source }) => source.path)
        .sort(),
    ).toEqual(refused.sort())
    expect(items.filter(({ action }) => action === 'create' || action === 'version')).toHaveLength(
      read.length - refused.length,
    )
  })

  it('comes by address, too, with its history and labels', async () => {
    const version = (number: number) => ({
      name: 'by address',
      version: number,
      type: 'text',
      prompt: `Version ${number} of {{ x }}`,
      config: {},
      labels: number === 1 ? ['production'] : [],
      tags: [],
    })
    const double = await sourceDouble((request, response) => {
      const url = new URL(request.url ?? '', 'http://double')
      const number = url.searchParams.get('version')
      if (number !== null) return json(response, version(Number(number)))
      json(response, {
        data: [{ name: 'by address', versions: [1, 2], labels: [], tags: [] }],
        meta: { totalPages: 1 },
      })
    })
    const source = { kind: 'langfuse' as const, url: double.url, public_key: 'pk', secret_key: 'sk-hidden' }
    const answer = await importPrompts(app.actor(), { source })
    await double.close()
    expect(answer.items).toMatchObject([
      { name: 'by-address', action: 'create', source: { format: 'langfuse' } },
    ])
    expect(await getPrompt(app.actor(), { name: 'by-address' })).toMatchObject({
      template_content: 'Version 1 of {{ x }}',
      latest_version: 2,
    })
    expect(JSON.stringify(answer)).not.toContain('sk-hidden')
  })

  it('comes either as files or from an address', async () => {
    const source = { kind: 'mcp' as const, url: 'http://127.0.0.1:9/mcp' }
    const error: unknown = await importPrompts(app.actor(), {
      source,
      files: [{ path: 'a.md', text: 'a' }],
    }).catch((reason: unknown) => reason)
    expect(isAppError(error) && error.code).toBe('invalid_input')
  })
})
