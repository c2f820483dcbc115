import Link from 'next/link'
import type { ReactNode } from 'react'
import { Bell } from '#components/alerts/bell.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { AccountMenu } from './account-menu.tsx'
import { CommandBar } from './command-bar.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { GoingBar } from './going-bar.tsx'
import { FocusOnNavigation, MainNavigation } from './main-navigation.tsx'
import { NewPromptLink } from './new-prompt-link.tsx'
import { StateBanner } from './state-banner.tsx'
import { ThemeMenu } from './theme-menu.tsx'
import { Wordmark } from './wordmark.tsx'

/**
 * The frame around every page of the workbench: skip link, wordmark, navigation, command bar, theme, account.
 * @param props.open who can come here while there are no accounts
 */
export function Shell({
  hasAccount,
  open,
  children,
}: {
  hasAccount: boolean
  open: 'local' | 'open' | undefined
  children: ReactNode
}) {
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-md bg-fill px-3 py-2 text-on-fill text-sm focus:translate-y-0 print:hidden"
      >
        Skip to content
      </a>
      {open && <StateBanner state={open} />}
      <header className={`z-30 lg:sticky lg:top-0 ${HEADER_CLASS}`}>
        <div className="mx-auto flex w-full max-w-[88rem] flex-wrap items-center gap-x-4 px-4 sm:px-8 lg:h-14 lg:gap-x-8">
          <Link
            href="/prompts"
            aria-label="Incipit, start page"
            className="-mx-1 flex h-13 items-center rounded px-1"
          >
            <Wordmark className="h-7 w-auto" />
          </Link>
          <MainNavigation />
          <div className="ml-auto flex items-center gap-1">
            <NewPromptLink isSign />
            <CommandBar />
            <Bell />
            <ThemeMenu />
            {hasAccount && <AccountMenu />}
          </div>
        </div>
      </header>
      <GoingBar />
      <ConnectionNotice />
      <FocusOnNavigation target="content" />
      <main
        id="content"
        tabIndex={-1}
        className="mx-auto w-full max-w-[88rem] flex-1 px-4 pb-24 outline-none sm:px-8 print:max-w-none print:p-0"
      >
        {children}
      </main>
    </div>
  )
}

const HEADER_CLASS = 'border-line border-b bg-paper/95 backdrop-blur-sm print:hidden'

/** The frame around what everybody may read, for those who are nobody here. */
export function OpenShell({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className={HEADER_CLASS}>
        <div className="mx-auto flex h-14 w-full max-w-[88rem] items-center justify-between gap-4 px-4 sm:px-8">
          <Wordmark className="h-7 w-auto" />
          <Link href="/sign-in" className={buttonClass('outline')}>
            Sign in
          </Link>
        </div>
      </header>
      <ConnectionNotice />
      <main id="content" className="mx-auto w-full max-w-[88rem] flex-1 px-4 pb-24 sm:px-8">
        {children}
      </main>
    </div>
  )
}
