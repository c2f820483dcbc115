'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call, problemOf } from '#lib/rest/client.ts'

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

/** Makes a prompt to begin with; where it is there already, it is that one. `onReady` gets its name. */
export function useSamplePrompt(onReady: (name: string) => void) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      try {
        const body = SAMPLE
        return (await call('POST /api/prompts', { body, idempotencyKey: crypto.randomUUID() })).name
      } catch (error) {
        if (problemOf(error)?.code !== 'conflict') throw error
        return SAMPLE.name
      }
    },
    onSuccess: async (name) => {
      await queries.invalidateQueries()
      onReady(name)
    },
  })
}
