import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { ContentPart, Message } from '../../prompts/content/content.ts'
import { modelCall } from '../../testing/models/model-call.ts'
import { type Calls, startCalls } from '../../testing/models/provider-calls.ts'
import type { ProviderDouble } from '../../testing/provider-double/server.ts'
import { callModel } from '../calls/call-model.ts'

let calls: Calls
let double: ProviderDouble

beforeAll(async () => {
  calls = await startCalls()
  double = calls.double
})
afterEach(() => double.reset())
afterAll(() => calls.close())

const image: ContentPart = { type: 'image', data: 'aW1n', mimeType: 'image/png; x=1' }
const mp3: ContentPart = { type: 'audio', data: 'c291bmQ=', mimeType: 'audio/mpeg' }
const ogg: ContentPart = { type: 'audio', data: 'c291bmQ=', mimeType: 'audio/ogg' }
const text: ContentPart = { type: 'text', text: 'Look:' }
const note: ContentPart = { type: 'resource', resource: { uri: 'file:///n.md', text: 'A note' } }
const pdf: ContentPart = {
  type: 'resource',
  resource: { uri: 'file:///docs/a.pdf', mimeType: 'application/pdf', blob: 'cGRm' },
}
const zip: ContentPart = {
  type: 'resource',
  resource: { uri: 'z', mimeType: 'application/zip', blob: 'eg==' },
}
const link: ContentPart = { type: 'resource_link', uri: 'https://x.org/a', name: 'a', description: 'About' }

const APIS = {
  responses: { provider: 'openai', api: 'responses', base: 'openaiUrl' },
  chat: { provider: 'openai', api: 'chat_completions', base: 'openaiUrl' },
  messages: { provider: 'anthropic', api: null, base: 'url' },
} as const

/** What the last message became, or why it was refused. */
async function sent(api: keyof typeof APIS, parts: ContentPart[], role: Message['role'] = 'user') {
  const { provider, base, api: name } = APIS[api]
  const messages: Message[] = [
    { role: 'user', content: 'First' },
    { role, content: parts },
  ]
  const call = modelCall({ provider, api: name, base_url: double[base], model: 'double' }, { messages })
  await callModel(call)
  const body = double.calls.at(-1)?.body
  const list = (body?.input ?? body?.messages) as { content: unknown }[]
  return list.at(-1)?.content
}

describe('the parts of a message', () => {
  it('are one text while they are all texts', async () => {
    for (const api of ['responses', 'chat', 'messages'] as const)
      expect(await sent(api, [text, note, link], 'assistant')).toBe(
        'Look:\n\nfile:///n.md\nA note\n\na: https://x.org/a\nAbout',
      )
  })

  it('go to the Responses API as text, image and file', async () => {
    expect(await sent('responses', [text, image, pdf])).toEqual([
      { type: 'input_text', text: 'Look:' },
      { type: 'input_image', detail: 'auto', image_url: 'data:image/png;base64,aW1n' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,cGRm' },
    ])
  })

  it('go to Chat Completions as text, image, sound and file', async () => {
    expect(await sent('chat', [text, image, mp3, pdf])).toEqual([
      { type: 'text', text: 'Look:' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,aW1n' } },
      { type: 'input_audio', input_audio: { data: 'c291bmQ=', format: 'mp3' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,cGRm' } },
    ])
  })

  it('go to the Messages API as text, image and document', async () => {
    expect(await sent('messages', [text, image, pdf])).toEqual([
      { type: 'text', text: 'Look:' },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'aW1n' } },
      {
        type: 'document',
        title: 'a.pdf',
        source: { type: 'base64', media_type: 'application/pdf', data: 'cGRm' },
      },
    ])
  })

  it.each([
    ['responses', mp3, 'user'],
    ['chat', ogg, 'user'],
    ['messages', mp3, 'user'],
    ['messages', zip, 'user'],
    ['responses', image, 'assistant'],
    ['chat', image, 'system'],
    ['messages', image, 'assistant'],
  ] as const)(
    '%s names the place of a part that it cannot take, and asks nobody',
    async (api, part, role) => {
      await expect(sent(api, [text, part], role)).rejects.toMatchObject({
        kind: 'refused_request',
        message: expect.stringMatching(/message 2, part 2/),
      })
      expect(double.calls).toHaveLength(0)
    },
  )
})

it('asks Anthropic what stands in the system text when there is nothing else', async () => {
  const messages: Message[] = [{ role: 'system', content: 'Alone' }]
  await callModel(modelCall({ provider: 'anthropic', base_url: double.url, model: 'double' }, { messages }))
  expect(double.calls[0]?.body).toMatchObject({ messages: [{ role: 'user', content: 'Alone' }] })
  expect(double.calls[0]?.body).not.toHaveProperty('system')
})
