'use client'

import { useMutation } from '@tanstack/react-query'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { call } from '#lib/rest/client.ts'

const ECHO = { name: 'echo', provider: 'echo', model: 'echo' }

/** No model is set up yet: the way to the settings, and the ways that work without. */
export function NoConfiguration({ hasEcho }: { hasEcho: boolean }) {
  const router = useRouter()
  const create = useMutation({
    mutationFn: () =>
      call('POST /api/ai/configurations', { body: ECHO, idempotencyKey: crypto.randomUUID() }),
    onSuccess: () => router.refresh(),
  })
  return (
    <section
      aria-labelledby="answers-heading"
      className="flex min-w-0 flex-col items-start gap-4 self-start rounded-xl border border-line bg-surface px-6 py-8"
    >
      <h2 id="answers-heading" className="rubricated font-serif text-3xl">
        Choose whom to ask
      </h2>
      <p className="max-w-prose text-ink-soft text-sm">
        An AI configuration names a provider, a model and its key. Up to six of them answer here side by side.
      </p>
      <div className="flex flex-wrap gap-2">
        <Link href="/settings/ai" className={buttonClass('primary')}>
          Set one up
        </Link>
        {hasEcho && (
          <Button look="outline" isDisabled={create.isPending} onPress={() => create.mutate()}>
            {create.isPending ? 'Adding …' : 'Try it without a model'}
          </Button>
        )}
      </div>
      {hasEcho && (
        <p className="max-w-prose text-ink-faint text-xs">
          Without a model the built-in echo answers: it gives back what was sent, word by word, and costs
          nothing.
        </p>
      )}
      {create.error && (
        <p role="alert" className="text-rubric text-sm">
          {create.error.message}
        </p>
      )}
    </section>
  )
}
