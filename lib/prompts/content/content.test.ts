import { describe, expect, it } from 'vitest'
import { errorOf } from '../template/testing.ts'
import { contentFrom } from './content.ts'
import { templateFields } from './content-fields.ts'

describe('contentFrom', () => {
  it('makes a text with LF line ends', () => {
    expect(contentFrom({ template_content: 'a\r\nb\rc\n' })).toEqual({
      kind: 'text',
      template_content: 'a\nb\nc\n',
    })
  })

  it('makes a chat with every kind of part', () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look at {{ what }}' },
          { type: 'image', data: 'aGk=', mimeType: 'image/png' },
          { type: 'audio', data: 'aGk=', mimeType: 'audio/wav' },
          {
            type: 'resource',
            resource: { uri: 'file:///{{ path }}', text: '{{ body }}', mimeType: 'text/plain' },
          },
          { type: 'resource', resource: { uri: 'file:///x', blob: 'aGk=' } },
          { type: 'resource_link', uri: 'https://example.org/{{ id }}', name: 'page' },
        ],
      },
    ]
    const content = contentFrom({ messages })
    expect(content).toEqual({ kind: 'chat', messages })
    expect(templateFields(content).map((field) => field.path.join('.'))).toEqual([
      'messages.0.content',
      'messages.1.content.0.text',
      'messages.1.content.3.resource.uri',
      'messages.1.content.3.resource.text',
      'messages.1.content.4.resource.uri',
      'messages.1.content.5.uri',
    ])
  })

  it('wants exactly one of the two fields', () => {
    expect(errorOf(() => contentFrom({})).code).toBe('invalid_input')
    expect(errorOf(() => contentFrom({ template_content: 'a', messages: [] })).code).toBe('invalid_input')
  })

  it.each([
    ['nul_character', 'a\0b'],
    ['lone_surrogate', 'a\ud800b'],
  ])('case 3: refuses %s with its place', (code, text) => {
    const error = errorOf(() =>
      contentFrom({ messages: [{ role: 'user', content: [{ type: 'text', text }] }] }),
    )
    expect(error.code).toBe('invalid_input')
    expect(error.details).toMatchObject([{ path: ['messages', 0, 'content', 0, 'text'], code }])
    const inText = errorOf(() => contentFrom({ template_content: text }))
    expect(inText.code).toBe('invalid_input')
    expect(inText.details).toMatchObject([{ path: ['template_content'], code }])
  })

  it('refuses unknown keys and roles, a resource with both or neither body', () => {
    const bad = [
      [{ role: 'robot', content: 'x' }],
      [{ role: 'user', content: 'x', name: 'y' }],
      [{ role: 'user', content: [{ type: 'resource', resource: { uri: 'a' } }] }],
      [{ role: 'user', content: [{ type: 'resource', resource: { uri: 'a', text: '', blob: '' } }] }],
      [{ role: 'user', content: [{ type: 'image', data: 'not base64!', mimeType: 'image/png' }] }],
      [],
    ]
    for (const messages of bad) expect(errorOf(() => contentFrom({ messages })).code).toBe('invalid_input')
  })

  it('names the place inside a part', () => {
    const part = { type: 'text', text: 'x', colour: 'red' }
    const error = errorOf(() => contentFrom({ messages: [{ role: 'user', content: [part] }] }))
    expect(error.details).toMatchObject([{ path: ['messages', 0, 'content', 0], code: 'unrecognized_keys' }])
  })

  it('leaves the size of texts to the configuration', () => {
    expect(contentFrom({ template_content: 'x'.repeat(3_000_000) }).kind).toBe('text')
  })
})
