'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { part } from '#components/ui/part.ts'
import { showToast } from '#components/ui/toast.ts'
import type { Json } from '#lib/liquid/json.ts'
import type { PromptExample } from '#lib/prompts/example-schema.ts'

type Values = Record<string, Json>

/** What can be done with a prompt's saved inputs. */
export type ExampleChange =
  | { do: 'create'; name: string; values: Values }
  | { do: 'rename'; example: PromptExample; name: string }
  | { do: 'overwrite'; example: PromptExample; values: Values }
  | { do: 'delete'; example: PromptExample }

const client = part(() => import('./read-examples.ts'))

async function carryOut(prompt: string, change: ExampleChange): Promise<PromptExample | undefined> {
  const calls = await client()
  switch (change.do) {
    case 'create':
      return calls.createExample(prompt, { name: change.name, values: change.values })
    case 'rename':
      return calls.replaceExample(prompt, change.example.id, { name: change.name })
    case 'overwrite':
      return calls.replaceExample(prompt, change.example.id, { values: change.values })
    case 'delete':
      await calls.deleteExample(prompt, change.example.id)
      return undefined
  }
}

/** The change that takes a change back; none for a new name of an example, which can be typed again. */
function inverseOf(change: ExampleChange): ExampleChange | undefined {
  // What is stored is JSON.
  const values = 'example' in change ? (change.example.values as Values) : {}
  if (change.do === 'delete') return { do: 'create', name: change.example.name, values }
  return change.do === 'overwrite' ? { ...change, values } : undefined
}

const DONE: Record<ExampleChange['do'], string> = {
  create: 'saved',
  rename: 'renamed',
  overwrite: 'overwritten',
  delete: 'deleted',
}

/** The inputs that are saved with a prompt, by name, and the way to change them. */
export function useExamples(prompt: string) {
  const queries = useQueryClient()
  const queryKey = ['prompt', prompt, 'examples']
  const { data, error, isPending } = useQuery({
    queryKey,
    queryFn: async ({ signal }) => (await client()).readExamples(prompt, signal),
    staleTime: 30_000,
  })
  const { mutateAsync, isPending: isChanging } = useMutation({
    mutationFn: (change: ExampleChange) => carryOut(prompt, change),
    onSettled: () => queries.invalidateQueries({ queryKey }),
  })
  const change = async (wanted: ExampleChange, isUndo = false): Promise<PromptExample | undefined> => {
    const name = 'example' in wanted ? wanted.example.name : wanted.name
    try {
      const changed = await mutateAsync(wanted)
      const inverse = isUndo ? undefined : inverseOf(wanted)
      showToast({
        message: isUndo ? `“${name}” is back` : `“${name}” ${DONE[wanted.do]}`,
        key: 'examples',
        ...(inverse && { action: { label: 'Undo', run: () => void change(inverse, true) } }),
      })
      return changed
    } catch (failure) {
      showToast({
        message: `“${name}” was not ${DONE[wanted.do]}`,
        detail: failure instanceof Error ? failure.message : undefined,
        tone: 'failure',
        action: { label: 'Retry', run: () => void change(wanted, isUndo) },
      })
      return undefined
    }
  }
  return { examples: data ?? [], error, isPending, isChanging, change }
}
