import type { Metadata } from 'next'
import { RepositoryBoard } from '#components/repositories/repository-board.tsx'
import { listRepositories } from '#lib/repositories/operations/list-repositories.ts'
import { readForPage } from '../../read.ts'

export const metadata: Metadata = { title: 'Repositories · Settings' }

export default async function RepositoriesPage() {
  const { items } = await readForPage((actor) => listRepositories(actor, { limit: 200 }))
  return <RepositoryBoard first={items} readAt={Date.now()} />
}
