import { afterAll, beforeAll, expect, it } from 'vitest'
import { restRequest, toolCall } from '#lib/testing/rest.ts'
import { type TestRuntime, testRuntime } from '#lib/testing/runtime.ts'
import { POST as callTool } from '../mcp/tools/call/route.ts'
import { GET as diff } from './prompts/[name]/diff/route.ts'
import { POST as renderPrompt } from './prompts/[name]/render/route.ts'
import { GET as readPrompt } from './prompts/[name]/route.ts'
import { POST as addVersion } from './prompts/[name]/versions/route.ts'
import { POST as createPrompt, GET as listPrompts } from './prompts/route.ts'
import { POST as renderDraft } from './render/route.ts'

/** The largest version that the defaults allow goes every way that a small one goes. */

const MEBIBYTE = 1_048_576

/** Each fills a version to the byte. */
const TEXTS: [string, string][] = [
  ['ascii', 'lorem ipsum {dolor} '.repeat(60_000).slice(0, MEBIBYTE)],
  ['three-bytes', '漢'.repeat(MEBIBYTE / 3) + 'a'],
  ['emoji', '😀'.repeat(MEBIBYTE / 4)],
  ['lines', 'a\n'.repeat(MEBIBYTE / 2)],
  [
    'words',
    Array.from({ length: 200_000 }, (_, index) => index.toString(36))
      .join(' ')
      .slice(0, MEBIBYTE),
  ],
]

let app: TestRuntime
beforeAll(async () => {
  app = await testRuntime()
})
afterAll(() => app.close())

it.each(TEXTS)('saves, reads, lists, compares, renders and finds it: %s', async (name, text) => {
  const created = await createPrompt(
    restRequest('POST', '/api/prompts', { name, template_content: text, title: `Large ${name}` }),
  )
  expect([created.status, Buffer.byteLength(text)]).toEqual([201, expect.any(Number)])
  const match = { 'if-match': created.headers.get('etag') ?? '' }
  // Of many short lines each differs: that is the dearest comparison.
  const second = { template_content: name === 'lines' ? text.replaceAll('a', 'b') : `b${text.slice(2)}` }
  expect((await addVersion(restRequest('POST', `/api/prompts/${name}/versions`, second, match))).status).toBe(
    201,
  )
  const read = await (await readPrompt(restRequest('GET', `/api/prompts/${name}`))).json()
  expect(read.template_content === text).toBe(true)
  const rendered = await renderPrompt(restRequest('POST', `/api/prompts/${name}/render`, {}))
  expect((await rendered.json()).content === text).toBe(true)
  const draft = await renderDraft(restRequest('POST', '/api/render', { template_content: text }))
  expect((await draft.json()).content === text).toBe(true)
  expect((await diff(restRequest('GET', `/api/prompts/${name}/diff?from=1&to=2`))).status).toBe(200)
  const found = await (await listPrompts(restRequest('GET', `/api/prompts?q=large+${name}`))).json()
  expect(found.items).toMatchObject([{ name }])
  const byTool = await callTool(toolCall('get_prompt', { template_name: name }))
  expect((await byTool.json()).result.isError).toBeFalsy()
})

it('refuses one byte more, by the default', async () => {
  const body = { name: 'larger', template_content: 'a'.repeat(MEBIBYTE + 1) }
  const answer = await createPrompt(restRequest('POST', '/api/prompts', body))
  expect([answer.status, (await answer.json()).limit]).toEqual([413, 'limits.template_bytes'])
})

it('takes an enum of a thousand values', async () => {
  const values = Array.from({ length: 1000 }, (_, index) => `value ${index}`)
  const body = { name: 'many-values', template_content: '{{ a }}', variables: [{ name: 'a', enum: values }] }
  expect((await createPrompt(restRequest('POST', '/api/prompts', body))).status).toBe(201)
  const render = (a: string) =>
    renderPrompt(restRequest('POST', '/api/prompts/many-values/render', { variables: { a } }))
  expect((await (await render('value 999')).json()).content).toBe('value 999')
  const refused = await (await render('value 1000')).json()
  expect(refused.errors[0].message.length).toBeLessThan(1000)
})
