import type { Metadata } from 'next'
import { SystemBoard } from '#components/system/system-board.tsx'
import { readSystem } from '#lib/health/operations/read-system.ts'
import { readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'System · Settings' }

export default async function SystemPage() {
  const system = await readForPage((actor) => readSystem(actor))
  return <SystemBoard first={system} readAt={Date.now()} />
}
