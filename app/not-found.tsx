import type { Metadata } from 'next'
import { NoSuchPage } from '#components/shell/no-such-page.tsx'
import { Shell } from '#components/shell/shell.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Shell>
      <NoSuchPage />
    </Shell>
  )
}
