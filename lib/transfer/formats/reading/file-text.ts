import type { SourceFile } from '../../source.ts'

/** The text of a file, or why it is none. */
export type FileText = { text: string } | { fault: string }

/**
 * The text of a file: UTF-8, or UTF-16 with its mark. The mark goes, line breaks stay; a NUL says that it is no text.
 */
export function textOf({ bytes }: SourceFile): FileText {
  const encoding = encodingOf(bytes)
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes)
    return text.includes('\0') ? { fault: 'It is no text: it holds NUL characters' } : { text }
  } catch {
    return { fault: `It is no text in ${encoding === 'utf-8' ? 'UTF-8' : 'UTF-16'}; save it in UTF-8` }
  }
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

/** The text of a file where it has one, with LF alone between lines; else an empty one. */
export function peek(file: SourceFile): string {
  const found = textOf(file)
  return 'text' in found ? unixLines(found.text) : ''
}

/** Line breaks as they are kept here. */
export function unixLines(text: string): string {
  return text.includes('\r') ? text.replaceAll(/\r\n?/g, '\n') : text
}
