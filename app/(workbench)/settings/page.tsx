import { redirect } from 'next/navigation'
import { sectionsFor } from '#components/settings/sections.ts'
import { readForPage } from '../read.ts'

/** The first section that its reader may see. */
export default async function SettingsPage(): Promise<never> {
  const scopes = await readForPage((actor) => Promise.resolve([...actor.scopes]))
  redirect(sectionsFor(scopes)[0]?.href ?? '/settings/appearance')
}
