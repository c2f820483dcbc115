import type { ReactNode } from 'react'

/** The frame of what is open to everybody: one column. */
export function OpenPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-100 px-5 pt-10 pb-16">
      <h1 className="text-balance font-serif text-4xl">{title}</h1>
      {children}
    </div>
  )
}

/** What stands below the title of such a page. */
export function Lead({ children }: { children: ReactNode }) {
  return <p className="mt-3 text-ink-soft">{children}</p>
}
