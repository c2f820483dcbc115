import { decodeText } from '../../bundle/decode-text.ts'
import type { SourceFile } from '../../source.ts'

/** The text of a file, or why it is none. */
export type FileText = { text: string } | { fault: string }

/** The text of a file without its mark; line breaks stay. */
export function textOf({ bytes }: SourceFile): FileText {
  const found = decodeText(bytes)
  return 'text' in found ? { text: found.text.replace(/^\uFEFF/, '') } : found
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
