import type { Metadata } from 'next'
import { headers } from 'next/headers'
import Link from 'next/link'
import { redirect } from 'next/navigation'
import { NoSuchPage } from '#components/shell/no-such-page.tsx'
import { Wordmark } from '#components/shell/wordmark.tsx'
import { ADDRESS_HEADER } from '#lib/door/message.ts'
import { isNobody, readVisitor, signInHere } from './(workbench)/read.ts'

export const metadata: Metadata = { title: 'Not found' }

const COLUMN = 'mx-auto w-full max-w-[88rem] px-4 sm:px-8'

/**
 * Every address that is no page, beside the workbench: each page loads what stands here, and the frame of the workbench
 * is large. Strangers are led to where they sign in, as from a page that there is.
 */
export default async function NotFound() {
  if (isNobody(await readVisitor())) redirect(await signInHere())
  const [path] = ((await headers()).get(ADDRESS_HEADER) ?? '').split('?')
  return (
    <>
      <header className="border-line border-b">
        <div className={COLUMN}>
          <Link
            href="/prompts"
            aria-label="Incipit, start page"
            className="-mx-1 inline-flex h-14 items-center px-1"
          >
            <Wordmark className="h-7 w-auto" />
          </Link>
        </div>
      </header>
      <main id="content" className={COLUMN}>
        <NoSuchPage path={path} />
      </main>
    </>
  )
}
