import { expect, it } from 'vitest'
import { linkedPicture, pictureFrom, picturesAmong } from './added-parts.ts'

it('takes pictures alone, in their order', () => {
  const files = ['image/png', 'text/plain', 'image/webp', 'application/pdf', 'image/svg+xml', ''].map(
    (type, index) => new File(['x'], `${index}`, { type }),
  )
  expect(picturesAmong(files).map(({ name }) => name)).toEqual(['0', '2'])
})

it('reads every byte of a picture, however many', async () => {
  const bytes = Uint8Array.from({ length: 100_001 }, (_, index) => index % 256)
  const part = await pictureFrom(new File([bytes], 'a.png', { type: 'image/png' }))
  expect(part).toEqual({
    type: 'image',
    mimeType: 'image/png',
    data: Buffer.from(bytes).toString('base64'),
  })
})

it('offers a variable where there are variables', () => {
  expect(linkedPicture(false)).toMatchObject({ type: 'resource_link', uri: '{{ image_url }}' })
  expect(linkedPicture(true)).toMatchObject({ uri: 'https://' })
})
