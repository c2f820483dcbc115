import { describe, expect, it } from 'vitest'
import type { Message } from '../prompts/content/content.ts'
import { toPromptMessages, toToolContent } from './blocks.ts'
import { HANDSHAKE_REVISIONS, type Revision, STATELESS_REVISION } from './transport/message.ts'

const audio = { type: 'audio' as const, data: 'AAAA', mimeType: 'audio/wav' }
const link = {
  type: 'resource_link' as const,
  uri: 'file:///a',
  name: 'a',
  title: 'A',
  description: 'about a',
}
const image = { type: 'image' as const, data: 'AAAA', mimeType: 'image/png' }

function typesIn(revision: Revision, message: Message): string[] {
  return toPromptMessages([message], revision).map(({ content }) => content.type)
}

describe('messages for clients', () => {
  it('gives system messages to the user and keeps the order', () => {
    const messages: Message[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'Hi' },
    ]
    expect(toPromptMessages(messages, '2025-11-25')).toEqual([
      { role: 'user', content: { type: 'text', text: 'Be brief.' } },
      { role: 'user', content: { type: 'text', text: 'Hello' } },
      { role: 'assistant', content: { type: 'text', text: 'Hi' } },
    ])
  })

  it('makes a message of each part', () => {
    const message: Message = { role: 'assistant', content: [{ type: 'text', text: 'See' }, image] }
    expect(toPromptMessages([message], '2024-11-05')).toEqual([
      { role: 'assistant', content: { type: 'text', text: 'See' } },
      { role: 'assistant', content: image },
    ])
    expect(toToolContent([message], '2024-11-05')).toEqual([{ type: 'text', text: 'See' }, image])
  })

  it('tells parts as text that a revision does not have', () => {
    const message: Message = { role: 'user', content: [audio, link] }
    expect(typesIn('2024-11-05', message)).toEqual(['text', 'text'])
    expect(typesIn('2025-03-26', message)).toEqual(['audio', 'text'])
    for (const revision of ['2025-06-18', '2025-11-25', STATELESS_REVISION] as const)
      expect(typesIn(revision, message)).toEqual(['audio', 'resource_link'])
    const texts = toToolContent([message], '2024-11-05').map(({ text }) => text)
    expect(texts).toEqual(['[audio, audio/wav, 3 bytes]', '[A](file:///a): about a'])
  })

  it('gives every revision images and embedded resources', () => {
    const resource = { type: 'resource' as const, resource: { uri: 'test://a', text: 'a' } }
    for (const revision of HANDSHAKE_REVISIONS)
      expect(typesIn(revision, { role: 'user', content: [image, resource] })).toEqual(['image', 'resource'])
  })
})
