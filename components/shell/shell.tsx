import Link from 'next/link'
import type { ReactNode } from 'react'
import { CommandBar } from './command-bar.tsx'
import { ConnectionNotice } from './connection-notice.tsx'
import { GoingBar } from './going-bar.tsx'
import { FocusOnNavigation, MainNavigation } from './main-navigation.tsx'
import { NewPromptLink } from './new-prompt-link.tsx'
import { ThemeMenu } from './theme-menu.tsx'

/** The frame around every page: skip link, wordmark, navigation, command bar, theme. */
export function Shell({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="fixed top-2 left-2 z-50 -translate-y-20 rounded-md bg-fill px-3 py-2 text-on-fill text-sm focus:translate-y-0 print:hidden"
      >
        Skip to content
      </a>
      <header className="z-30 border-line border-b bg-paper/95 backdrop-blur-sm lg:sticky lg:top-0 print:hidden">
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
            <ThemeMenu />
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

/** The initial: a text cursor drawn as the red letter that opens a manuscript. */
const INITIAL =
  'M3 3C5.6 3 8 3.7 9 5.4C10 3.7 12.4 3 15 3V4.7C12.3 4.7 10.9 5.9 10.9 8.4C10.9 11 11.6 13 11.6 16C11.6 19 10.9 21 10.9 23.6C10.9 26.1 12.3 27.3 15 27.3V29C12.4 29 10 28.3 9 26.6C8 28.3 5.6 29 3 29V27.3C5.7 27.3 7.1 26.1 7.1 23.6C7.1 21 6.4 19 6.4 16C6.4 13 7.1 11 7.1 8.4C7.1 5.9 5.7 4.7 3 4.7Z'
const LETTERS =
  'M15.3 -22.7Q13.4 -22.7 11.7 -22Q10.1 -21.3 9.1 -20.6L9.1 -3.5Q9.1 -2.9 9.3 -2.6Q9.5 -2.3 10 -2L13 -0.2L13 0L1.1 0L1.1 -0.2L4.1 -2Q4.6 -2.3 4.8 -2.6Q5 -2.9 5 -3.5L5.1 -20.7Q5.1 -21.4 4.9 -21.7Q4.7 -22 4.2 -22.2L1.3 -23.3L1.3 -23.5L8.7 -26.3L8.9 -26.3L8.9 -21.6Q12.2 -26.2 16.8 -26.2Q20.2 -26.2 22.5 -23.9Q24.7 -21.7 24.7 -17.7L24.7 -3.5Q24.7 -2.9 24.9 -2.6Q25.1 -2.3 25.6 -2L28.6 -0.2L28.6 0L16.8 0L16.8 -0.2L19.8 -2Q20.3 -2.3 20.5 -2.6Q20.7 -2.9 20.7 -3.5L20.7 -16Q20.7 -19.6 19.1 -21.1Q17.6 -22.7 15.3 -22.7ZM42.9 0.5Q39.4 0.5 36.6 -1.1Q33.8 -2.8 32.1 -5.8Q30.5 -8.8 30.5 -13Q30.5 -17 32 -19.9Q33.6 -22.9 36.3 -24.6Q38.9 -26.3 42.5 -26.3Q45.5 -26.3 47.7 -25.1Q50 -23.9 51.3 -21.8Q52.6 -19.7 53 -17.1L48.2 -16.9Q47.9 -20.3 46.3 -22.6Q44.7 -24.8 41.9 -24.8Q38.8 -24.8 36.9 -22.1Q35 -19.4 35 -14.6Q35 -9.3 37.4 -6.2Q39.9 -3.2 44.5 -3.2Q46.6 -3.2 48.5 -4Q50.4 -4.7 52.2 -7L52.7 -6.7Q51.4 -3.5 49.1 -1.5Q46.8 0.5 42.9 0.5ZM63 0L55.5 0L55.5 -0.2L58.5 -2Q59 -2.3 59.2 -2.6Q59.4 -2.9 59.4 -3.5L59.4 -20.7Q59.4 -21.4 59.2 -21.7Q59 -22 58.5 -22.2L55.4 -23.3L55.4 -23.5L63.2 -26.3L63.4 -26.3L63.4 -3.5Q63.4 -2.9 63.6 -2.6Q63.8 -2.3 64.3 -2L67.3 -0.2L67.3 0ZM61.4 -29.3Q60.2 -29.3 59.5 -30.1Q58.7 -30.8 58.7 -32Q58.7 -33.2 59.5 -33.9Q60.2 -34.6 61.4 -34.6Q62.6 -34.6 63.4 -33.9Q64.1 -33.2 64.1 -32Q64.1 -30.8 63.4 -30.1Q62.6 -29.3 61.4 -29.3ZM72.6 -20.7Q72.6 -21.4 72.4 -21.7Q72.2 -22 71.6 -22.2L68.7 -23.3L68.7 -23.5L76.1 -26.3L76.4 -26.3L76.4 -22.3Q77.4 -23.9 79.3 -25Q81.1 -26.2 83.8 -26.2Q87 -26.2 89.4 -24.5Q91.8 -22.8 93.2 -19.8Q94.6 -16.9 94.6 -13.3Q94.6 -9.4 92.9 -6.2Q91.3 -3 88.5 -1.2Q85.7 0.6 82.3 0.6Q80.3 0.6 78.9 0Q77.5 -0.5 76.6 -1.3L76.6 6.1Q76.6 6.8 76.8 7Q77 7.3 77.8 7.7L81.6 9.5L81.6 9.7L68.6 9.7L68.6 9.5L71.6 7.7Q72.1 7.3 72.3 7Q72.5 6.8 72.5 6.1ZM76.6 -9.2Q76.6 -6.1 77.7 -4.4Q78.8 -2.6 80.3 -1.9Q81.9 -1.1 83.3 -1.1Q85.5 -1.1 87 -2.4Q88.6 -3.8 89.5 -6.2Q90.3 -8.6 90.3 -11.7Q90.3 -15.8 89.1 -18.3Q87.8 -20.9 85.8 -22.1Q83.8 -23.3 81.7 -23.3Q80.2 -23.3 78.9 -22.8Q77.6 -22.2 76.6 -21.4ZM104.3 0L96.7 0L96.7 -0.2L99.7 -2Q100.2 -2.3 100.4 -2.6Q100.6 -2.9 100.6 -3.5L100.7 -20.7Q100.7 -21.4 100.5 -21.7Q100.3 -22 99.7 -22.2L96.7 -23.3L96.7 -23.5L104.5 -26.3L104.7 -26.3L104.7 -3.5Q104.7 -2.9 104.9 -2.6Q105.1 -2.3 105.6 -2L108.6 -0.2L108.6 0ZM102.7 -29.3Q101.5 -29.3 100.7 -30.1Q100 -30.8 100 -32Q100 -33.2 100.7 -33.9Q101.5 -34.6 102.7 -34.6Q103.9 -34.6 104.6 -33.9Q105.4 -33.2 105.4 -32Q105.4 -30.8 104.6 -30.1Q103.9 -29.3 102.7 -29.3ZM117.4 -9.1Q117.4 -6.6 118 -5.3Q118.5 -4 119.5 -3.5Q120.4 -3 121.5 -3Q122.8 -3 124.3 -3.6Q125.8 -4.3 127.2 -6L127.8 -5.8Q126.8 -3 124.7 -1.2Q122.6 0.6 120.1 0.6Q118.5 0.6 116.9 -0.3Q115.3 -1.2 114.3 -3Q113.3 -4.7 113.3 -7.4L113.3 -23.7L109.3 -23.7L109.1 -24.4Q111.3 -25 112.7 -25.9Q114 -26.7 114.6 -28Q115.3 -29.4 115.7 -31.6L117.4 -31.6L117.4 -25.6L126.9 -25.6L126.9 -23.7L117.4 -23.7Z'

/** The name as it is drawn; readers hear the link or heading that holds it. */
function Wordmark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 156 56" aria-hidden="true" className={className}>
      <path d={INITIAL} transform="translate(-4.5 .4) scale(1.76)" className="fill-rubric" />
      <path d={LETTERS} transform="translate(25.5 44)" className="fill-ink" />
    </svg>
  )
}
