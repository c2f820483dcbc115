'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { showToast } from '#components/ui/toast.ts'
import type { Json } from '#lib/liquid/json.ts'
import type { PromptExample } from '#lib/prompts/example-schema.ts'
import { call } from '#lib/rest/client.ts'

type Values = Record<string, Json>

/** A change to a prompt's saved inputs. */
export type ExampleChange =
  | { do: 'create'; name: string; values: Values }
  | { do: 'rename'; example: PromptExample; name: string }
  | { do: 'overwrite'; example: PromptExample; values: Values }
  | { do: 'delete'; example: PromptExample }

async function carryOut(prompt: string, change: ExampleChange): Promise<PromptExample | undefined> {
  if (change.do === 'create') {
    const { name, values } = change
    const made = { params: { name: prompt }, body: { name, values }, idempotencyKey: crypto.randomUUID() }
    return call('POST /api/prompts/{name}/examples', made)
  }
  const params = { name: prompt, example: change.example.id }
  if (change.do === 'delete') {
    await call('DELETE /api/prompts/{name}/examples/{example}', { params })
    return undefined
  }
  const body = change.do === 'rename' ? { name: change.name } : { values: change.values }
  return call('PUT /api/prompts/{name}/examples/{example}', { params, body })
}

/** The change that takes a change back; none for a new name of an example, which can be typed again. */
function inverseOf(change: ExampleChange): ExampleChange | undefined {
  // Stored values are JSON.
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
    queryFn: async ({ signal }) =>
      (await call('GET /api/prompts/{name}/examples', { params: { name: prompt }, signal })).items,
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
