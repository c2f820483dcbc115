import type { Components } from 'react-markdown'
import { classNames } from './class-names.ts'

const MONO = 'font-mono text-[0.8125rem]'

/** Headings stand below the one of the answer; pictures are named and not fetched; links say where they go. */
export const MARKDOWN_PARTS: Components = {
  h1: ({ children }) => <h3 className="mt-6 mb-2 font-serif text-xl first:mt-0">{children}</h3>,
  h2: ({ children }) => <h4 className="mt-6 mb-2 font-serif text-lg first:mt-0">{children}</h4>,
  h3: ({ children }) => <h5 className="mt-5 mb-1.5 font-medium first:mt-0">{children}</h5>,
  h4: ({ children }) => <h6 className="mt-4 mb-1 font-medium text-sm first:mt-0">{children}</h6>,
  h5: ({ children }) => <h6 className="mt-4 mb-1 font-medium text-sm first:mt-0">{children}</h6>,
  h6: ({ children }) => <h6 className="mt-4 mb-1 font-medium text-sm first:mt-0">{children}</h6>,
  p: ({ children }) => <p className="my-3 first:mt-0 last:mb-0">{children}</p>,
  ul: ({ children, className }) => (
    <ul
      className={classNames(
        'my-3 space-y-1',
        className === 'contains-task-list' ? 'list-none pl-1' : 'list-disc pl-6',
      )}
    >
      {children}
    </ul>
  ),
  ol: ({ children, start }) => (
    <ol start={start} className="my-3 list-decimal space-y-1 pl-6">
      {children}
    </ol>
  ),
  blockquote: ({ children }) => (
    <blockquote className="my-3 border-line-strong border-l-2 pl-4 text-ink-soft">{children}</blockquote>
  ),
  hr: () => <hr className="my-6 border-line" />,
  pre: ({ children }) => (
    <pre
      className={`my-3 whitespace-pre-wrap rounded-lg [&>code]:p-0 bg-sunken px-4 py-3 leading-[1.6] ${MONO}`}
    >
      {children}
    </pre>
  ),
  code: ({ children }) => <code className={`rounded bg-sunken px-1 py-0.5 ${MONO}`}>{children}</code>,
  a: ({ children, href }) => (
    <a href={href} rel="noreferrer noopener nofollow" className="text-lapis underline underline-offset-4">
      {children}
    </a>
  ),
  img: ({ alt, src }) => (
    <span className="text-ink-soft">
      [{alt === undefined || alt === '' ? 'picture' : alt}: {typeof src === 'string' ? src : ''}]
    </span>
  ),
  input: ({ checked }) => (
    <>
      <span aria-hidden="true" className="mr-1">
        {checked ? '☑' : '☐'}
      </span>
      <span className="sr-only">{checked ? 'done: ' : 'to do: '}</span>
    </>
  ),
  table: ({ children }) => (
    <table className="my-3 w-full border-collapse text-sm [&_td]:border [&_td]:border-line [&_td]:px-2 [&_td]:py-1 [&_th]:border [&_th]:border-line [&_th]:px-2 [&_th]:py-1 [&_th]:text-left [&_th]:font-medium">
      {children}
    </table>
  ),
}
