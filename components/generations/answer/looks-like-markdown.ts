const HEADING = /^ {0,3}#{1,6}[ \t]+\S/
const UNDERLINE = /^={3,}[ \t]*$/
const FENCE = /^ {0,3}(?:```[^`]*|~~~.*)$/
const BULLET = /^[ \t]*[-*+][ \t]+\S/
const NUMBER = /^[ \t]*\d{1,3}[.)][ \t]+\S/
const DASHES = /^:?-+:?$/
/** One dash begins an aside as well as a list. */
const ITEMS_OF_A_LIST = 2

/**
 * Whether a text has what reads better laid out than as it is: headings, tables, lists or code in fences. Line by
 * line, so that a long text takes no longer than its length.
 */
export function looksLikeMarkdown(text: string): boolean {
  let before = ''
  let bullets = 0
  let numbers = 0
  for (const line of text.split(/\r?\n/)) {
    const isBegun = before.trim() !== ''
    if (FENCE.test(line) || (!isBegun && HEADING.test(line))) return true
    if (isBegun && UNDERLINE.test(line)) return true
    if (before.includes('|') && isTableRule(line)) return true
    if (BULLET.test(line)) bullets++
    else if (NUMBER.test(line)) numbers++
    if (bullets >= ITEMS_OF_A_LIST || numbers >= ITEMS_OF_A_LIST) return true
    before = line
  }
  return false
}

/** The line below the head of a table: `| --- | :-: |`, with or without the outer bars. */
function isTableRule(line: string): boolean {
  const cells = line.split('|').map((cell) => cell.trim())
  if (cells.length < 2) return false
  if (cells[0] === '') cells.shift()
  if (cells.at(-1) === '') cells.pop()
  return cells.length > 0 && cells.every((cell) => DASHES.test(cell))
}
