import type { Metadata } from 'next'
import { ConfigurationBoard } from '#components/ai/configuration-board.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'
import { isLong } from '../long-page.ts'
import { readForPage } from '../read.ts'
import { readSettings } from './read-settings.ts'

export const metadata: Metadata = { title: 'Settings' }

export default async function SettingsPage() {
  const { configurations, catalogue, health } = await readForPage(readSettings)
  return (
    <>
      <PageTitle>Settings</PageTitle>
      <ConfigurationBoard
        first={isLong(configurations) ? undefined : configurations}
        catalogue={catalogue}
        health={health}
        readAt={Date.now()}
      />
    </>
  )
}
