import type { Metadata } from 'next'
import { AuditBrowser } from '#components/audit/audit-browser.tsx'
import { readFilters, toQuery } from '#components/audit/filters.ts'
import { listAudit } from '#lib/audit/operations/list-audit.ts'
import { pageSize } from '#lib/page-size.ts'
import { fittingPage } from '../../long-page.ts'
import { readForPage, readTimeZone } from '../../read.ts'

export const metadata: Metadata = { title: 'Audit · Settings' }

interface Props {
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function AuditPage({ searchParams }: Props) {
  const [filters, zone] = await Promise.all([readFilters(searchParams), readTimeZone()])
  const query = toQuery(filters, zone)
  const page = await readForPage((actor) =>
    fittingPage(pageSize(undefined), (limit) => listAudit(actor, { ...query, limit })),
  )
  return <AuditBrowser first={{ filters, query, zone, page, readAt: Date.now() }} />
}
