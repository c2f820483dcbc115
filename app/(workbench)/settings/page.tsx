import { redirect } from 'next/navigation'
import { sectionsFor } from '#components/settings/sections.ts'
import { readVisitor } from '../read.ts'

/** The first section that its reader may see. */
export default async function SettingsPage(): Promise<never> {
  const { person } = await readVisitor()
  redirect(sectionsFor(person?.scopes ?? [])[0]?.href ?? '/settings/appearance')
}
