'use client'

import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import { usePerson } from '#components/access/person.tsx'
import { categoriesQuery } from '#components/prompts/queries.ts'
import { Rows } from '#components/rows/rows.tsx'
import { useListKeys } from '#components/rows/use-list-keys.ts'
import { counted } from '#components/ui/format.ts'
import { SearchField } from '#components/ui/search-field.tsx'
import { useNow } from '#components/ui/use-now.ts'
import type { Member } from '#lib/people/schema.ts'
import type { MemberDialogState } from './member-board.tsx'
import { MemberRow } from './member-row.tsx'
import type { MemberEdits } from './use-member-edits.ts'

const LISTED = { id: 'members', group: 'Members', open: 'Change the member' }
/** So many are found by looking. */
const FEW = 8

/** Everybody, by name; a search narrows them. */
export function MemberList({
  members,
  readAt,
  edits,
  onOpen,
}: {
  members: readonly Member[]
  readAt: number
  edits: MemberEdits
  onOpen: (dialog: MemberDialogState) => void
}) {
  const now = useNow(readAt)
  const self = usePerson()
  const list = useRef<HTMLDivElement>(null)
  const categories = useQuery(categoriesQuery).data
  const [text, setText] = useState('')
  const wanted = useDeferredValue(text)
  const shown = useMemo(() => matching(members, wanted), [members, wanted])
  const ids = useMemo(() => shown.map(({ id }) => id), [shown])
  useListKeys(list, shown.length, LISTED)
  return (
    <>
      {members.length > FEW && (
        <div className="mt-4 max-w-sm [&_input]:h-9">
          <SearchField
            label="Search the members"
            placeholder="Name, e-mail or role"
            value={text}
            onChange={setText}
          />
        </div>
      )}
      <output className="sr-only">{counted(shown.length, 'member')}</output>
      <div ref={list}>
        <Rows
          ids={ids}
          total={ids.length}
          renderRow={(index) => {
            const member = shown[index]
            return (
              member && (
                <MemberRow
                  member={member}
                  self={self}
                  categories={categories}
                  now={now}
                  edits={edits}
                  onOpen={onOpen}
                />
              )
            )
          }}
        />
      </div>
      {shown.length === 0 && <p className="py-6 text-ink-soft">No member fits “{wanted}”.</p>}
    </>
  )
}

/** Those whose name, e-mail or role holds every word of a text. */
export function matching<T extends { name: string; email: string | null; role?: string }>(
  people: readonly T[],
  text: string,
): T[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return people.filter(({ name, email, role }) => {
    const facts = `${name} ${email ?? ''} ${role ?? ''}`.toLowerCase()
    return words.every((word) => facts.includes(word))
  })
}
