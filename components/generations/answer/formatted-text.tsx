'use client'

import { memo, useId } from 'react'
import Markdown from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { MARKDOWN_PARTS } from '#components/ui/markdown-parts.tsx'

/** As much of Markdown's tree as is looked at. */
interface Root {
  children: { type: string; depth?: number }[]
}

/** An outline without gaps, whatever level the text begins with: readers walk through headings. */
function unbrokenOutline() {
  return (root: Root) => {
    let before = 0
    for (const node of root.children) {
      if (node.type !== 'heading') continue
      before = Math.min(node.depth ?? 1, before + 1)
      node.depth = before
    }
  }
}

const PLUGINS = [remarkGfm, unbrokenOutline]
/** The text of a model, as Markdown. HTML in it is shown as it is written. */
export const FormattedText = memo(function FormattedText({ text }: { text: string }) {
  const id = useId()
  return (
    <div data-answer="" className="text-[0.9375rem] leading-[1.65] [overflow-wrap:anywhere]">
      <Markdown
        remarkPlugins={PLUGINS}
        remarkRehypeOptions={{ clobberPrefix: `${id}-` }}
        components={MARKDOWN_PARTS}
      >
        {text}
      </Markdown>
    </div>
  )
})
