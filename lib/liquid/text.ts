/** Characters that PostgreSQL's text or well-formed UTF-8 cannot hold. */
export interface TextProblem {
  code: 'nul_character' | 'lone_surrogate'
  message: string
}

/**
 * Tells why a text cannot be stored or sent, or undefined when it is fine.
 * A NUL cannot be kept by PostgreSQL; a lone surrogate has no UTF-8 form.
 */
export function textProblem(text: string): TextProblem | undefined {
  if (!text.isWellFormed()) {
    return {
      code: 'lone_surrogate',
      message: 'The text holds half of a surrogate pair, which is no character',
    }
  }
  if (text.includes('\0')) {
    return { code: 'nul_character', message: 'The text holds a NUL character, which cannot be stored' }
  }
  return undefined
}

/** Bytes of a text in UTF-8; the templates run in the browser too, where there is no Buffer. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    // Each half of a surrogate pair is a unit of two bytes.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2
  }
  return bytes
}

/** The canonical form of every stored text: line ends as LF, and no byte order mark at its beginning. */
export function canonicalText(text: string): string {
  const said = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.replace(/^\uFEFF+/, '') : text
  return said.includes('\r') ? said.replace(/\r\n?/g, '\n') : said
}

/** What editors write before the first letter of a file. */
const BYTE_ORDER_MARK = 0xfeff
