import type { Metadata } from 'next'
import { NoSuchPage } from '#components/shell/no-such-page.tsx'
import { Frame } from './frame.tsx'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <Frame>
      <NoSuchPage />
    </Frame>
  )
}
