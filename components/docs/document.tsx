import Markdown, { type Components } from 'react-markdown'
import remarkGfm from 'remark-gfm'
import { MARKDOWN_PARTS } from '#components/ui/markdown-parts.tsx'

const PLUGINS = [remarkGfm]

/** The title is the page's own; sections can be linked to. */
const PARTS: Components = {
  ...MARKDOWN_PARTS,
  h1: () => null,
  h2: ({ children }) => (
    <h2 id={anchorOf(children)} className="mt-12 mb-3 scroll-mt-20 font-serif text-2xl">
      {children}
    </h2>
  ),
  h3: ({ children }) => (
    <h3 id={anchorOf(children)} className="mt-8 mb-2 scroll-mt-20 font-medium">
      {children}
    </h3>
  ),
  // Other documents are in the repository alone.
  a: ({ children, href }) =>
    href?.startsWith('#') ? (
      <a href={href} className="text-lapis underline underline-offset-4">
        {children}
      </a>
    ) : (
      <span>{children}</span>
    ),
}

function anchorOf(heading: unknown): string | undefined {
  if (typeof heading !== 'string') return undefined
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

/** A page of the documentation. It is made on the server: the browser gets no script for it. */
export function Document({ text }: { text: string }) {
  return (
    <article className="max-w-[48rem] text-[0.9375rem] leading-[1.65] [overflow-wrap:anywhere]">
      <Markdown remarkPlugins={PLUGINS} components={PARTS}>
        {text}
      </Markdown>
    </article>
  )
}
