/** What looks like nothing that a row of the table could match. */
export const BLANK = '\uFFFC'

const FENCE = /^[ \t]{0,3}(?:`{3,10}|~{3,10})[ \t]*(\w[\w+#.-]{0,30})?[^\n]{0,200}$/gm
const INLINE_CODE = /(?<!`)`(?!`)[^`\n]{1,200}`(?!`)/g

/**
 * The text with blocks of code blanked that name their language, so that offsets hold: these are code, while those
 * that name none often hold what is to be read.
 */
export function withoutNamedFences(prose: string): string {
  let made = ''
  let kept = 0
  let open: { at: number; isNamed: boolean } | undefined
  for (const fence of prose.matchAll(FENCE)) {
    if (open === undefined) open = { at: fence.index, isNamed: fence[1] !== undefined }
    else {
      if (open.isNamed) {
        const end = fence.index + fence[0].length
        made += prose.slice(kept, open.at) + BLANK.repeat(end - open.at)
        kept = end
      }
      open = undefined
    }
  }
  return made + prose.slice(kept)
}

/** The text with all that is plainly code blanked: named blocks, and code within a line. */
export function withoutCode(prose: string): string {
  // A text that stands in quotes of its own as a whole is no quotation.
  const isWhole = /^\s*`[^`]*`\s*$/.test(prose)
  const masked = withoutNamedFences(prose)
  return isWhole ? masked : masked.replace(INLINE_CODE, (code) => BLANK.repeat(code.length))
}
