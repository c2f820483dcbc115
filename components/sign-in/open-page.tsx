import type { ReactNode } from 'react'
import { ConnectionNotice } from '#components/shell/connection-notice.tsx'
import { Wordmark } from '#components/shell/wordmark.tsx'

/** The frame of what is open to everybody: the name of the product and one column, without the workbench. */
export function OpenPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <ConnectionNotice />
      <main className="mx-auto w-full max-w-100 flex-1 px-5 pt-[max(2.5rem,11vh)] pb-16">
        <p className="mb-10">
          <Wordmark className="h-8 w-auto" />
          <span className="sr-only">Incipit</span>
        </p>
        <h1 className="rubricated text-balance font-serif text-[2.5rem] leading-[1.1] tracking-tight">
          {title}
        </h1>
        {children}
      </main>
    </div>
  )
}

/** What stands below the title of such a page. */
export function Lead({ children }: { children: ReactNode }) {
  return <p className="mt-3 text-ink-soft">{children}</p>
}
