import type { Received, Sent } from './exchange.ts'

/** Calls an operation and holds its answer against the document. */
type Call = (id: string, status: number, sent: Omit<Sent, 'method'>) => Promise<Received>

const NOWHERE = '/api/repositories/018f0000-0000-7000-8000-000000000000'
const STALE = { 'if-match': '"00000000-1"' }
const etagOf = (answer: Received) => ({ 'if-match': answer.headers.etag ?? '' })

/** Repositories, each with each answer that it declares. */
export async function callRepositories(call: Call): Promise<void> {
  const path = '/api/repositories'
  const ours = { name: 'Ours', archive_url: 'https://127.0.0.1:59999/main.zip', ref: 'main' }
  await call('createRepository', 422, { path, body: { ...ours, archive_url: 'https://169.254.169.254/x' } })
  const made = await call('createRepository', 201, { path, body: ours })
  await call('listRepositories', 200, { path })
  const own = `${path}/${String(Object.entries(made.json as object).find(([key]) => key === 'id')?.[1])}`
  await call('rotateRepositorySecret', 200, { path: `${own}/rotate`, body: {} })
  await call('rotateRepositorySecret', 404, { path: `${NOWHERE}/rotate`, body: {} })
  await call('syncRepository', 202, { path: `${own}/sync`, body: {} })
  await call('syncRepository', 404, { path: `${NOWHERE}/sync`, body: {} })
  const read = await call('getRepository', 200, { path: own })
  await call('getRepository', 404, { path: NOWHERE })
  const body = { enabled: false }
  await call('patchRepository', 428, { path: own, body })
  await call('patchRepository', 412, { path: own, body, headers: STALE })
  await call('patchRepository', 404, { path: NOWHERE, body, headers: STALE })
  const foreign = { archive_url: 'https://169.254.169.254/x' }
  await call('patchRepository', 422, { path: own, body: foreign, headers: etagOf(read) })
  const off = await call('patchRepository', 200, { path: own, body, headers: etagOf(read) })
  await call('syncRepository', 409, { path: `${own}/sync`, body: {} })
  await call('deleteRepository', 428, { path: own })
  await call('deleteRepository', 412, { path: own, headers: STALE })
  await call('deleteRepository', 404, { path: NOWHERE, headers: STALE })
  await call('deleteRepository', 204, { path: own, headers: etagOf(off) })
}
