import { describe, expect, it } from 'vitest'
import { compilePrompt, renderPrompt } from '../template.ts'
import { checkedUri } from './uri.ts'

describe('a URI in a message', () => {
  it.each([
    'https://example.com/a%20b?c=d#e',
    'file:///etc/hosts',
    'urn:isbn:0451450523',
    'test://static-resource',
    'mailto:a@b.example',
    'http://[::1]:8080/',
  ])('may be %s', (uri) => {
    expect(checkedUri(uri, [])).toBe(uri)
  })

  it.each([
    '',
    'not a uri',
    'example.com/a',
    '/path',
    'https://a b',
    'https://a/%zz',
    'https://a/ü',
    'a:',
    '1x:y',
    'x:a"b',
  ])('may not be %j', (uri) => {
    expect(() => checkedUri(uri, ['messages', 0])).toThrow(/no URI/)
  })

  it.each([
    { type: 'resource' as const, resource: { uri: '{{ uri }}', text: 'a' } },
    { type: 'resource' as const, resource: { uri: '{{ uri }}', blob: 'AAAA' } },
    { type: 'resource_link' as const, uri: '{{ uri }}', name: 'a' },
  ])('is checked once it is rendered: %j', (part) => {
    const compiled = compilePrompt({
      content: { kind: 'chat', messages: [{ role: 'user', content: [part] }] },
      variables: [{ name: 'uri', type: 'string', required: true }],
      includes: new Map(),
    })
    expect(renderPrompt(compiled, { uri: 'test://a' }).messages).toHaveLength(1)
    expect(() => renderPrompt(compiled, { uri: 'not a uri' })).toThrow(
      expect.objectContaining({
        code: 'unprocessable',
        details: [
          expect.objectContaining({
            code: 'invalid_uri',
            path: expect.arrayContaining(['messages', 0, 'uri']),
          }),
        ],
      }),
    )
  })
})
