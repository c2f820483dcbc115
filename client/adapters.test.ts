import { expect, it } from 'vitest'
import { anthropicMessages, openAIMessages } from './adapters.ts'
import type { Message } from './public.ts'

const MESSAGES: Message[] = [
  { role: 'system', content: 'Be brief.' },
  {
    role: 'user',
    content: [
      { type: 'text', text: 'What is this?' },
      { type: 'image', data: 'AAAA', mimeType: 'image/png' },
      { type: 'resource', resource: { uri: 'file:///a', text: 'of a file' } },
      { type: 'resource_link', uri: 'https://x', name: 'x' },
    ],
  },
  {
    role: 'assistant',
    content: [
      { type: 'text', text: 'A' },
      { type: 'text', text: 'B' },
    ],
  },
]
const TEXTS = [
  { type: 'text', text: 'of a file' },
  { type: 'text', text: '[x](https://x)' },
]

it('makes messages for OpenAI', () => {
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }
  expect(openAIMessages({ messages: MESSAGES })).toEqual([
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'text', text: 'What is this?' }, image, ...TEXTS] },
    { role: 'assistant', content: 'A\nB' },
  ])
})

it('makes messages for Anthropic, with the system text apart', () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } }
  const { system, messages } = anthropicMessages({ messages: MESSAGES })
  expect(system).toBe('Be brief.')
  expect(messages[0]).toEqual({
    role: 'user',
    content: [{ type: 'text', text: 'What is this?' }, image, ...TEXTS],
  })
  expect(anthropicMessages({ messages: [] })).toEqual({ messages: [] })
})

it.each([
  ['a sound for Anthropic', anthropicMessages, 'audio/wav', 'user'],
  ['a sound of an unknown kind', openAIMessages, 'audio/ogg', 'user'],
  ['a sound of the system', openAIMessages, 'audio/wav', 'system'],
] as const)('refuses %s', (_, make, mimeType, role) => {
  const content = [{ type: 'audio' as const, data: 'AAAA', mimeType }]
  expect(() => make({ messages: [{ role, content }] })).toThrow('cannot be sent')
})
