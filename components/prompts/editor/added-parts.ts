import type { ContentPart } from '#lib/prompts/content/content.ts'

/** The types that models and browsers both read. */
export const PICTURE_TYPES = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']

/** Beyond this many bytes the arguments of one call would be too many. */
const AT_ONCE = 32_768

/** The pictures among files that were chosen, pasted or dropped. */
export function picturesAmong(files: Iterable<File>): File[] {
  return [...files].filter(({ type }) => PICTURE_TYPES.includes(type))
}

/** @throws when the file cannot be read any more */
export async function pictureFrom(file: File): Promise<ContentPart> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  let binary = ''
  for (let start = 0; start < bytes.length; start += AT_ONCE)
    binary += String.fromCharCode(...bytes.subarray(start, start + AT_ONCE))
  return { type: 'image', data: btoa(binary), mimeType: file.type }
}

/** A picture with an address that is given at render time; in a literal text, the author writes it. */
export function linkedPicture(isLiteral: boolean): ContentPart {
  return {
    type: 'resource_link',
    uri: isLiteral ? 'https://' : '{{ image_url }}',
    name: 'picture',
  }
}
