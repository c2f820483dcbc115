import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { failureText } from '#components/prompts/versions/change-failure.ts'
import { showToast } from '#components/ui/toast.ts'
import type { Generation } from '#lib/generations/schema.ts'
import type { Outcome, ReportOutcomeInput } from '#lib/outcomes/schema.ts'
import { call } from '#lib/rest/client.ts'
import { ratingsQuery } from './queries.ts'

export type RatedGeneration = Pick<Generation, 'id' | 'receipt' | 'ratings'>

/** What somebody says of an answer; null: nothing, any more. */
export type Rating = Pick<ReportOutcomeInput, 'outcome' | 'score' | 'note'> | null

export interface OwnRating {
  /** What others and the reader said. */
  ratings: readonly Outcome[]
  own: Outcome | undefined
  /** Until the reader's own is known, a thumb would take the place of its score and comment. */
  isReading: boolean
  /** Says it, and offers to undo that. @throws where it is not kept, after saying so */
  rate: (rating: Rating) => Promise<void>
}

/** The reader's own rating of an answer, beside those of others. */
export function useRating(generation: RatedGeneration): OwnRating {
  const queries = useQueryClient()
  const query = ratingsQuery(generation)
  const { data, isLoading } = useQuery(query)
  const ratings = data?.items ?? []
  const own = ratings.find((each) => each.is_own)
  const sending = useMutation({
    // One after another: what is pressed while another is sent is not lost.
    scope: { id: `rating ${generation.id}` },
    mutationFn: (rating: Rating) => send(generation, own, rating),
    onSuccess: () =>
      Promise.all([
        queries.fetchQuery({ ...query, staleTime: 0 }),
        queries.invalidateQueries({ queryKey: ['generations', 'list'] }),
      ]),
    onError: (error) =>
      showToast({ tone: 'failure', key: 'rating', message: 'Not rated', detail: failureText(error) }),
  })
  return {
    ratings,
    own,
    isReading: isLoading,
    rate: async (rating) => {
      const before = ratingOf(own)
      await sending.mutateAsync(rating)
      showToast({
        key: 'rating',
        message: rating === null ? 'Your rating is withdrawn' : `Rated as ${WORDS[rating.outcome]}`,
        action: { label: 'Undo', run: () => sending.mutate(before) },
      })
    },
  }
}

const WORDS: Readonly<Record<Outcome['outcome'], string>> = { success: 'good', failure: 'bad' }

function ratingOf(own: Outcome | undefined): Rating {
  if (own === undefined) return null
  const { outcome, score, note } = own
  return { outcome, ...(score !== null && { score }), ...(note !== null && { note }) }
}

/** What holds may have been told after this page had read it: then the one that holds is withdrawn. */
async function send(
  { id, receipt }: RatedGeneration,
  own: Outcome | undefined,
  rating: Rating,
): Promise<void> {
  if (rating !== null) {
    await call('POST /api/outcomes', { body: { receipt: receipt ?? '', ...rating } })
    return
  }
  const { items } = await call('GET /api/outcomes', { query: { generation: id } })
  const current = items.find((each) => each.is_own) ?? own
  if (current !== undefined) await call('DELETE /api/outcomes/{id}', { params: { id: current.id } })
}
