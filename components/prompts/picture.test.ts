import { describe, expect, it } from 'vitest'
import { pictureOf } from './picture.tsx'

const ORIGIN = 'https://prompts.example'
const link = (uri: string, mimeType?: string) => ({
  type: 'resource_link' as const,
  name: 'picture',
  uri,
  ...(mimeType !== undefined && { mimeType }),
})
const shown = (uri: string, mimeType?: string) => pictureOf(link(uri, mimeType), ORIGIN)

describe('the picture of a part', () => {
  it('is made of its data', () => {
    expect(pictureOf({ type: 'image', data: 'AA==', mimeType: 'image/png' }, '')).toBe(
      'data:image/png;base64,AA==',
    )
    const resource = (mimeType: string) =>
      pictureOf({ type: 'resource', resource: { uri: 'file:///a', mimeType, blob: 'AA==' } }, '')
    expect(resource('image/webp')).toBe('data:image/webp;base64,AA==')
    expect(resource('application/pdf')).toBeUndefined()
    expect(shown('data:image/gif;base64,AA==')).toBe('data:image/gif;base64,AA==')
    expect(shown('data:text/html,hello', 'image/png')).toBeUndefined()
  })

  it('is loaded from here alone', () => {
    expect(shown('/pictures/cat.png')).toBe(`${ORIGIN}/pictures/cat.png`)
    expect(shown(`${ORIGIN}/cat`, 'image/png')).toBe(`${ORIGIN}/cat`)
    expect(shown('https://elsewhere.example/cat.png')).toBeUndefined()
    expect(shown(`${ORIGIN}.elsewhere.example/cat.png`)).toBeUndefined()
    expect(shown('//elsewhere.example/cat.png')).toBeUndefined()
    expect(shown('javascript:alert(1)', 'image/png')).toBeUndefined()
    expect(pictureOf(link('/cat.png'), '')).toBeUndefined()
  })

  it('is nothing that answers requests, and nothing else than a picture', () => {
    expect(shown('/api/prompts/greet', 'image/png')).toBeUndefined()
    expect(shown('/x/../api/prompts/greet.png')).toBeUndefined()
    expect(shown('/notes.txt')).toBeUndefined()
    expect(shown('{{ image_url }}', 'image/png')).toBeUndefined()
    expect(pictureOf({ type: 'text', text: '/cat.png' }, ORIGIN)).toBeUndefined()
  })
})
