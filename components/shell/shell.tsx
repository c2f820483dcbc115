import Link from 'next/link'
import type { ReactNode } from 'react'
import { MainNavigation } from './main-navigation.tsx'
import { ShortcutsButton } from './shortcuts-button.tsx'
import { ThemeMenu } from './theme-menu.tsx'
import { Wordmark } from './wordmark.tsx'

/** The frame around every page: a way past it, the name, the rooms, the theme. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-md bg-fill px-3 py-2 text-on-fill text-sm focus:translate-y-0"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 border-line border-b bg-paper/95 backdrop-blur-sm">
        <div className="mx-auto flex h-14 w-full max-w-[88rem] items-center gap-4 px-4 sm:gap-8 sm:px-8">
          <Link href="/prompts" aria-label="Incipit, start page" className="-mx-1 rounded px-1">
            <Wordmark className="h-7 w-auto" />
          </Link>
          <MainNavigation />
          <div className="ml-auto flex items-center gap-1">
            <ShortcutsButton />
            <ThemeMenu />
          </div>
        </div>
      </header>
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-[88rem] flex-1 px-4 pb-24 outline-none sm:px-8"
      >
        {children}
      </main>
    </div>
  )
}
