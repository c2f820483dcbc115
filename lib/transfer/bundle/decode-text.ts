/** A text, or why the bytes are none. */
export type DecodedText = { text: string } | { fault: string }

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads bytes as UTF-8, or as UTF-16 where a byte order mark says so. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const [first, second] = bytes
  const encoding =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : undefined
  try {
    const decoder = encoding === undefined ? UTF8 : new TextDecoder(encoding, { fatal: true })
    const text = decoder.decode(bytes)
    return text.includes('\0') ? { fault: 'The file is no text: it holds NUL characters' } : { text }
  } catch {
    return { fault: `The file is not valid ${encoding?.toUpperCase() ?? 'UTF-8'}: save it as UTF-8` }
  }
}
