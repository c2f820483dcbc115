import { queryOptions } from '@tanstack/react-query'
import type { Note } from '#lib/notes/schema.ts'
import { call } from '#lib/rest/client.ts'

/** Notes of one span are few: more are told by another span. */
const MOST = 200

/** The notes of a span, about everything or also a prompt. */
export function notesQuery({ from, to }: { from: string; to: string }, prompt: string | null) {
  return queryOptions({
    queryKey: ['notes', from.slice(0, 13), to.slice(0, 13), prompt],
    queryFn: async ({ signal }): Promise<Note[]> => {
      const query = { from, ...(!isNow(to) && { to }), limit: MOST, ...(prompt !== null && { prompt }) }
      return (await call('GET /api/notes', { query, signal })).items
    },
  })
}

/** A span that ends now goes on: what is noted at this moment belongs to it. */
const isNow = (to: string) => Date.now() - Date.parse(to) < 120_000
