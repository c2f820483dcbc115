import type { ReactNode } from 'react'
import { SectionNavigation } from '#components/settings/section-navigation.tsx'
import { PageTitle } from '#components/shell/page-title.tsx'

/** The settings: their sections, and the one that is open. */
export default function SettingsLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <PageTitle>Settings</PageTitle>
      <div className="grid items-start gap-x-12 gap-y-8 lg:grid-cols-[9rem_minmax(0,1fr)]">
        <SectionNavigation />
        <div className="min-w-0">{children}</div>
      </div>
    </>
  )
}
