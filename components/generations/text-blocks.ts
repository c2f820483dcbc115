/** About so many characters stand in one block of a long text. */
export const BLOCK = 4_000

/**
 * A text in blocks of whole lines. A text that grows keeps all its blocks but the last, so that a page lays out
 * only that one anew. Joined with line ends they are the text.
 */
export function textBlocks(text: string): string[] {
  const blocks: string[] = []
  let start = 0
  for (;;) {
    const end = text.indexOf('\n', start + BLOCK)
    if (end < 0) break
    blocks.push(text.slice(start, end))
    start = end + 1
  }
  blocks.push(text.slice(start))
  return blocks
}
