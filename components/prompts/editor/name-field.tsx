'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { describedBy, Field } from '#components/ui/field.tsx'
import { part } from '#components/ui/part.ts'
import { TextInput } from '#components/ui/text-area.tsx'
import { isPromptName, PROMPT_NAME_RULE } from '#lib/prompts/template/name-rules.ts'

const loadRequests = part(() => import('./requests.ts'))

const QUIET_MS = 250
export const NAME_ID = 'new-name'
const HINT = 'Agents get the prompt by it. Lower-case letters, digits, “_” and “-”.'

/** The name of a new prompt, checked while it is typed. */
export function NameField({ name, onChange }: { name: string; onChange: (name: string) => void }) {
  const settled = useSettled(name)
  const taken = useQuery({
    queryKey: ['prompt', settled, 'taken'],
    queryFn: async ({ signal }) => (await loadRequests()).isNameTaken(settled, signal),
    enabled: isPromptName(settled),
    retry: false,
  })
  const error = nameProblem(name, settled === name && taken.data === true)
  return (
    <Field
      id={NAME_ID}
      label="Name"
      hint={HINT}
      error={error}
      aside={
        settled === name && taken.data === false ? <output className="text-moss">free</output> : undefined
      }
    >
      <TextInput
        id={NAME_ID}
        value={name}
        autoComplete="off"
        spellCheck={false}
        className="font-mono"
        placeholder="release_note"
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(NAME_ID, HINT, error)}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}

/** What is wrong with a name; nothing is said of an empty one. */
function nameProblem(name: string, isTaken: boolean): string | undefined {
  if (name === '') return undefined
  if (!isPromptName(name)) return `A name is made of ${PROMPT_NAME_RULE}.`
  return isTaken ? `There is a prompt called “${name}” already, or it is an alias of one.` : undefined
}

function useSettled(value: string): string {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), QUIET_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}
