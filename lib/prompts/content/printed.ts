/** Bytes that a text takes in HTML, about: five characters are written as entities, others take up to three bytes. */
export function printedLength(text: string): number {
  let length = 0
  for (let at = 0; at < text.length; at++) length += printedUnit(text.charCodeAt(at))
  return length
}

/** The longest beginning of a text that takes no more than `size` on a page; no character is torn apart. */
export function beginningOf(text: string, size: number): string {
  let left = size
  let at = 0
  for (; at < text.length; at++) {
    left -= printedUnit(text.charCodeAt(at))
    if (left < 0) break
  }
  const last = text.charCodeAt(at - 1)
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? at - 1 : at)
}

/** `"`, `&`, `'`, `<` and `>`. */
const ENTITIES: ReadonlySet<number> = new Set([0x22, 0x26, 0x27, 0x3c, 0x3e])

function printedUnit(unit: number): number {
  if (unit >= 0x80) return 3
  return ENTITIES.has(unit) ? 6 : 1
}

/** Elements around a line of a template, and around a word or a mark that is coloured. */
const LINE = 60
const COLOURED = 45

/**
 * Bytes that texts take on a page, about: as HTML, with their lines and their colours as templates, and once
 * more as data for the browser.
 * @param most the walk ends once it is beyond that
 */
export function printedSize(text: string, most: number): number {
  let size = 0
  let isInside = false
  let wasWord = false
  for (let at = 0; at < text.length && size <= most; at++) {
    const unit = text.charCodeAt(at)
    size += 2 * printedUnit(unit)
    if (unit === 0x0a) size += LINE
    const next = text.charCodeAt(at + 1)
    const isMark = unit === 0x7b && (next === 0x7b || next === 0x25)
    if (isMark) isInside = true
    const isWord = isInside && isWordUnit(unit)
    if (isMark || isWord !== wasWord) size += COLOURED
    wasWord = isWord
    if (unit === 0x7d && text.charCodeAt(at - 1) !== 0x7b) isInside = false
  }
  return size
}

function isWordUnit(unit: number): boolean {
  return (
    (unit >= 0x30 && unit <= 0x39) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    unit === 0x5f ||
    (unit >= 0x61 && unit <= 0x7a)
  )
}
