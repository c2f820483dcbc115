'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'

const SAMPLE = {
  name: 'release_note',
  title: 'Release note',
  description: 'Turns a list of changes into a note that the people who are affected understand.',
  template_content: `Write a release note for {{ audience }}.

<changes>
{{ changes | strip }}
</changes>

Say what people can do now that they could not do before, in at most {{ sentences }} sentences.
{%- if tone != blank %}
Tone: {{ tone }}.
{%- endif %}`,
  variables: [
    { name: 'changes', description: 'The changes, one per line.', example: 'Search finds parts of words.' },
    { name: 'audience', description: 'Who reads it.', example: 'people who use the app every day' },
    { name: 'sentences', type: 'integer' as const, min: 1, max: 12, default: 4 },
    { name: 'tone', type: 'enum' as const, enum: ['plain', 'warm', 'formal'], required: false },
  ],
  message: 'A sample to begin with',
}

/** No prompt is there yet: a sample is one press away. */
export function FirstPrompt() {
  const router = useRouter()
  const queries = useQueryClient()
  const create = useMutation({
    mutationFn: async () => (await import('../read.ts')).createPrompt(SAMPLE),
    onSuccess: async ({ name }) => {
      await queries.invalidateQueries()
      router.push(`/prompts/${name}`)
    },
  })
  return (
    <EmptyState
      title="Begin with a prompt"
      action={
        <div className="flex flex-col gap-3">
          <div>
            <Button look="primary" isDisabled={create.isPending} onPress={() => create.mutate()}>
              {create.isPending ? 'Creating …' : 'Create a sample prompt'}
            </Button>
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
