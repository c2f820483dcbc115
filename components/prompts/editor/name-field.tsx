'use client'

import { useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { describedBy, Field } from '#components/ui/field.tsx'
import { TextInput } from '#components/ui/text-area.tsx'
import { isPromptName } from '#lib/liquid/name-rules.ts'
import { type NameState, stateOfName } from '../draft/requests.ts'
import { useDebounced } from '../use-debounced.ts'
import { nameOfTitle, nameTyped, numberedName } from './prompt-name.ts'

const QUIET_MS = 250
/** How often a number is put behind a name that is taken. */
const MOST_TRIES = 20
export const NAME_ID = 'new-name'
const HINT = 'Agents get the prompt by it. Lower-case letters, digits, “_” and “-”.'

export interface NewName {
  name: string
  isOwn: boolean
  /** Undefined while it is not known. */
  state: NameState | undefined
}

/**
 * The name of a new prompt: the typed one, else the slug of its title, with a number behind it when that
 * is taken.
 */
export function useNewName(typed: string, title: string): NewName {
  const isOwn = typed !== ''
  const wanted = isOwn ? typed : nameOfTitle(title)
  const settled = useDebounced(wanted, QUIET_MS)
  const free = useQuery({
    queryKey: ['prompt', settled, 'free', isOwn],
    queryFn: async ({ signal }) => {
      for (let number = 1; number <= MOST_TRIES; number++) {
        const name = numberedName(settled, number)
        const state = await stateOfName(name, signal)
        if (state === 'free' || isOwn) return { name, state }
      }
      return { name: settled, state: 'taken' as const }
    },
    enabled: isPromptName(settled),
    retry: false,
  })
  const found = settled === wanted && wanted !== '' ? free.data : undefined
  return {
    name: isOwn ? typed : (found?.name ?? wanted),
    isOwn,
    state: found?.state,
  }
}

/** The name of a new prompt, which follows its title until another one is typed. */
export function NameField({
  name: { name, state },
  onChange,
}: {
  name: NewName
  onChange: (typed: string) => void
}) {
  const error = nameProblem(name, state)
  return (
    <Field
      id={NAME_ID}
      label="Name"
      hint={HINT}
      error={error}
      aside={state === 'free' ? <output className="text-moss">free</output> : undefined}
    >
      <TextInput
        id={NAME_ID}
        value={name}
        autoComplete="off"
        spellCheck={false}
        className="font-mono"
        placeholder="complaint-answer"
        aria-invalid={error ? true : undefined}
        aria-describedby={describedBy(NAME_ID, HINT, error)}
        onChange={(event) => onChange(nameTyped(event.target.value))}
      />
    </Field>
  )
}

/** The fault of a name; an empty one has none. The field lets only a name's letters through. */
function nameProblem(name: string, state: NameState | undefined): ReactNode {
  if (name === '') return undefined
  if (!isPromptName(name)) return `“${name}” is the name of a page here.`
  if (state === 'taken') return `There is a prompt called “${name}” already, or it is an alias of one.`
  if (state !== 'archived') return undefined
  return (
    <>
      An archived prompt has this name.{' '}
      <Link href={`/prompts/${name}`} className="underline underline-offset-4">
        Restore it
      </Link>{' '}
      or choose another name.
    </>
  )
}
