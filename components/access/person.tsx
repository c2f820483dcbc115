'use client'

import { createContext, type ReactNode, use } from 'react'
import type { Role, Scope } from '#lib/access/actor.ts'

/** Whoever looks at the pages, as far as these go by it. */
export interface Person {
  /** local: everybody at this machine is the owner · open: everybody who reaches it is · accounts: whoever signed in. */
  state: 'local' | 'open' | 'accounts'
  /** Of the actor. */
  id: string
  name: string
  /** Null: there is no account. */
  email: string | null
  role: Role
  scopes: readonly Scope[]
  workspace: string
  /** What the role has to have before anything else is allowed. */
  must: readonly 'second_factor'[]
}

const PersonContext = createContext<Person | undefined>(undefined)

/** Tells every page who looks at it; undefined: nobody is signed in. */
export function PersonProvider({ person, children }: { person: Person | undefined; children: ReactNode }) {
  return <PersonContext value={person}>{children}</PersonContext>
}

/** The person of a page that only those see who are somebody. */
export function usePerson(): Person {
  const person = useVisitor()
  if (person === undefined) throw new Error('Nobody is signed in on this page.')
  return person
}

/** The person of a page that everybody may open. */
export function useVisitor(): Person | undefined {
  return use(PersonContext)
}
