import type { Metadata } from 'next'
import { Appearance } from '#components/settings/appearance.tsx'

export const metadata: Metadata = { title: 'Appearance · Settings' }

export default function AppearancePage() {
  return <Appearance />
}
