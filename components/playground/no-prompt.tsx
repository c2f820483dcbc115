'use client'

import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { PromptChooser } from '#components/prompts/prompt-chooser.tsx'
import { useSamplePrompt } from '#components/prompts/use-sample-prompt.ts'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { playgroundHref } from './playground-state.ts'

interface Named {
  name: string
  title: string
}

/** Nothing is chosen to be run: choose a prompt, or begin with a sample. */
export function NoPrompt({ prompts }: { prompts: readonly Named[] }) {
  const router = useRouter()
  const goTo = (name: string) => router.push(playgroundHref({ prompt: name }))
  const sample = useSamplePrompt(goTo)
  return (
    <>
      <EmptyState
        title="Run a prompt"
        action={
          <div className="flex w-full flex-wrap items-center gap-2">
            {prompts.length > 0 && (
              <PromptChooser
                label="Prompt"
                value={null}
                onChoose={(name) => name !== null && goTo(name)}
                className="w-full sm:w-72"
              />
            )}
            <Button
              look={prompts.length > 0 ? 'outline' : 'primary'}
              className="h-9"
              isDisabled={sample.isPending}
              onPress={() => sample.mutate()}
            >
              {sample.isPending ? 'Opening …' : 'Use a sample prompt'}
            </Button>
          </div>
        }
      >
        <p>
          Fill in its values, ask up to six models at the same time, and read what they answer side by side.
          Change the text, run it again, and save what works as the next version.
        </p>
      </EmptyState>
      {sample.error && (
        <p role="alert" className="text-rubric text-sm">
          {sample.error.message}
        </p>
      )}
      {prompts.length > 0 && <ChangedLast prompts={prompts} />}
    </>
  )
}

function ChangedLast({ prompts }: { prompts: readonly Named[] }) {
  return (
    <section aria-labelledby="recent-heading">
      <h2 id="recent-heading" className="mb-2 text-ink-faint text-sm">
        Changed last
      </h2>
      <ul className="divide-y divide-line border-line border-y">
        {prompts.map(({ name, title }) => (
          <li key={name}>
            <div className="relative -mx-3 flex flex-wrap items-baseline gap-x-3 rounded-lg px-3 py-3 hover:bg-sunken">
              <Link
                href={playgroundHref({ prompt: name })}
                prefetch={false}
                className="stretched rounded font-serif text-lg hover:text-rubric"
              >
                {title || name}
              </Link>
              {title && <span className="break-all font-mono text-ink-faint text-xs">{name}</span>}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
