'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { useSamplePrompt } from '../use-sample-prompt.ts'

/** No prompt is there yet: a sample is one press away. */
export function FirstPrompt() {
  const router = useRouter()
  const create = useSamplePrompt((name) => router.push(`/prompts/${name}`))
  return (
    <EmptyState
      title="Begin with a prompt"
      action={
        <div className="flex flex-col gap-3">
          <div className="flex flex-wrap gap-2">
            <Button look="primary" isDisabled={create.isPending} onPress={() => create.mutate()}>
              {create.isPending ? 'Creating …' : 'Create a sample prompt'}
            </Button>
            <Link href="/prompts/new" className={buttonClass('outline')}>
              Write one of your own
            </Link>
          </div>
          {create.error && (
            <p role="alert" className="text-rubric text-sm">
              {create.error.message}
            </p>
          )}
        </div>
      }
    >
      <p>
        A prompt is a text with variables. Try it here, then let your agents get it over MCP or REST by its
        name.
      </p>
    </EmptyState>
  )
}
