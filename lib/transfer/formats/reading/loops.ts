/** A loop of Jinja or Nunjucks that no other one is around. */
export interface Loop {
  start: number
  /** Behind its end. */
  end: number
  /** What it goes over. */
  list: string
  body: string
}

const TAG =
  /\{%-?\s{0,20}(?:for\s{1,20}[\w\s,]{1,100}?\s{1,20}in\s{1,20}([\w.]{1,100})|(endfor))\s{0,20}-?%\}/g

/** The loops of a text, but for those within others; one that is not closed is none. */
export function outerLoops(text: string): Loop[] {
  const found: Loop[] = []
  let depth = 0
  let open: { start: number; inner: number; list: string } | undefined
  for (const { index, 0: all, 1: list, 2: isEnd } of text.matchAll(TAG)) {
    if (isEnd === undefined) {
      depth += 1
      if (depth === 1) open = { start: index, inner: index + all.length, list: list ?? '' }
    } else if (depth > 0) {
      depth -= 1
      if (depth === 0 && open !== undefined) {
        const { start, inner } = open
        found.push({ start, end: index + all.length, list: open.list, body: text.slice(inner, index) })
      }
    }
  }
  return found
}
